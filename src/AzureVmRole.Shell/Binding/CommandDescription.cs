using System.Management.Automation;
using System.Numerics;
using System.Reflection;

namespace AzureVmRole.Shell.Binding;

/// <summary>A cmdlet class as its attributes describe it: parameters and parameter sets.</summary>
internal sealed class CommandDescription
{
    /// <summary>The bits of a parameter that is in every set.</summary>
    public const uint AllSets = uint.MaxValue;

    private readonly List<string> _setNames = [];
    private readonly List<CommandParameter> _parameters = [];

    public CommandDescription(Type type)
    {
        CmdletAttribute attribute = type.GetCustomAttribute<CmdletAttribute>()
            ?? throw new PSInvalidOperationException($"The class {type.FullName} has no Cmdlet attribute.");
        Name = attribute.VerbName + "-" + attribute.NounName;
        Type = type;
        ConfirmImpact = attribute.ConfirmImpact;
        SupportsShouldProcess = attribute.SupportsShouldProcess;
        AddParameters(type, ParameterOwner.Cmdlet);
        AddParameters(typeof(CommonParameters), ParameterOwner.Common);
        if (SupportsShouldProcess)
        {
            AddParameters(typeof(ShouldProcessParameters), ParameterOwner.ShouldProcess);
        }

        DefaultSet = string.IsNullOrEmpty(attribute.DefaultParameterSetName) ? 0 : BitOf(attribute.DefaultParameterSetName);
        DefinedSets = _setNames.Count == 32 ? AllSets : (1u << _setNames.Count) - 1;
    }

    public string Name { get; }

    public Type Type { get; }

    public ConfirmImpact ConfirmImpact { get; }

    public bool SupportsShouldProcess { get; }

    public IReadOnlyList<CommandParameter> Parameters => _parameters;

    public IReadOnlyList<string> SetNames => _setNames;

    /// <summary>The bit of the default set; 0 when there is none.</summary>
    public uint DefaultSet { get; }

    /// <summary>The bits of all sets that have a name.</summary>
    public uint DefinedSets { get; }

    /// <summary>The name of the set that is the only one among <paramref name="sets"/>, or of the default set.</summary>
    public string NameOfSet(uint sets)
    {
        uint defined = sets & DefinedSets;
        uint chosen = BitOperations.PopCount(defined) == 1 ? defined : defined & DefaultSet;
        return chosen == 0 ? ParameterAttribute.AllParameterSets : _setNames[BitOperations.TrailingZeroCount(chosen)];
    }

    /// <summary>Finds a parameter by its name, an alias, or the start of either that fits no other.</summary>
    /// <exception cref="ParameterBindingException">No parameter or several fit.</exception>
    public CommandParameter FindParameter(string name)
    {
        if (_parameters.Find(parameter => Is(parameter.Name) || parameter.Aliases.Any(Is)) is { } exact)
        {
            return exact;
        }

        List<CommandParameter> candidates = _parameters.FindAll(parameter => Starts(parameter.Name));
        candidates.AddRange(_parameters.Where(parameter => !Starts(parameter.Name) && parameter.Aliases.Any(Starts)));

        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ParameterBindingException(
                "NamedParameterNotFound",
                ErrorCategory.InvalidArgument,
                name,
                $"A parameter cannot be found that matches parameter name '{name}'."),
            _ => throw new ParameterBindingException(
                "AmbiguousParameter",
                ErrorCategory.InvalidArgument,
                name,
                $"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches "
                + $"include: -{string.Join(" -", candidates.ConvertAll(parameter => parameter.Name))}."),
        };

        bool Is(string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
        bool Starts(string other) => other.StartsWith(name, StringComparison.OrdinalIgnoreCase);
    }

    private void AddParameters(Type type, ParameterOwner owner)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not null && property.IsDefined(typeof(ParameterAttribute), inherit: true))
            {
                _parameters.Add(new CommandParameter(property, owner, BitOf));
            }
        }
    }

    private uint BitOf(string setName)
    {
        if (string.Equals(setName, ParameterAttribute.AllParameterSets, StringComparison.Ordinal))
        {
            return AllSets;
        }

        int index = _setNames.FindIndex(name => string.Equals(name, setName, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            index = _setNames.Count;
            _setNames.Add(setName);
        }

        return index < 32
            ? 1u << index
            : throw new PSInvalidOperationException($"The command {Name} has more than 32 parameter sets.");
    }
}
