using System.Text;
using AzureVmRole.Shell.Binding;

namespace AzureVmRole.Shell.Commands;

/// <summary>Writes a command's syntax as Get-Help shows it, a line per parameter set.</summary>
internal static class CommandSyntaxText
{
    private static readonly Dictionary<Type, string> ShortNames = new()
    {
        [typeof(string)] = "string",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(bool)] = "bool",
        [typeof(object)] = "Object",
    };

    public static IReadOnlyList<string> Lines(CommandDescription command)
    {
        List<string> lines = [];
        for (uint bits = command.DefinedSets; bits != 0; bits &= bits - 1)
        {
            lines.Add(Line(command, bits & (~bits + 1)));
        }

        if (lines.Count == 0)
        {
            lines.Add(Line(command, CommandDescription.AllSets));
        }

        return lines;
    }

    public static string NameOf(Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        return inner.IsArray
            ? NameOf(inner.GetElementType()!) + "[]"
            : ShortNames.GetValueOrDefault(inner, inner.Name);
    }

    private static string Line(CommandDescription command, uint set)
    {
        StringBuilder line = new(command.Name);
        IEnumerable<(CommandParameter Parameter, ParameterSetEntry Entry)> parameters = command.Parameters
            .Where(parameter => parameter.Owner == ParameterOwner.Cmdlet && !parameter.IsHidden)
            .SelectMany(parameter => parameter.Entries.Select(entry => (parameter, entry)))
            .Where(pair => (pair.entry.Sets & set) != 0)
            .OrderBy(pair => pair.entry.Position < 0 ? int.MaxValue : pair.entry.Position)
            .ThenBy(pair => pair.entry.IsMandatory ? 0 : 1);
        foreach ((CommandParameter parameter, ParameterSetEntry entry) in parameters)
        {
            line.Append(' ').Append(Describe(parameter, entry));
        }

        line.Append(command.SupportsShouldProcess ? " [-WhatIf] [-Confirm]" : "");
        return line.Append(" [<CommonParameters>]").ToString();
    }

    private static string Describe(CommandParameter parameter, ParameterSetEntry entry)
    {
        string name = "-" + parameter.Name;
        if (parameter.IsSwitch)
        {
            return entry.IsMandatory ? name : $"[{name}]";
        }

        string part = (entry.Position >= 0 ? $"[{name}]" : name) + $" <{NameOf(parameter.Type)}>";
        return entry.IsMandatory ? part : $"[{part}]";
    }
}
