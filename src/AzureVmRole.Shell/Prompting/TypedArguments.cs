using System.Collections;
using System.Management.Automation;
using AzureVmRole.Shell.Binding;

namespace AzureVmRole.Shell.Prompting;

/// <summary>What a half-typed command says already: the values of its parameters, and which parameter the next word is for.</summary>
/// <param name="Next">The parameter, by the name before the cursor or by position; null when there is none.</param>
/// <param name="Values">The values typed so far, by parameter name, as text.</param>
internal sealed record TypedArguments(CommandParameter? Next, IDictionary Values)
{
    /// <summary>Reads the words before the cursor, the command's name first.</summary>
    public static TypedArguments Read(CommandDescription description, string[] words)
    {
        Hashtable values = new(StringComparer.OrdinalIgnoreCase);
        CommandParameter? named = null;
        foreach (string word in words.Skip(1))
        {
            if (word.StartsWith('-'))
            {
                named = Find(description, word[1..]);
                named = named?.IsSwitch == true ? null : named;
            }
            else if ((named ?? AtPosition(description, values)) is { } parameter)
            {
                values[parameter.Name] = word.Trim('\'', '"');
                named = null;
            }
        }

        return new TypedArguments(named ?? AtPosition(description, values), values);
    }

    /// <summary>Splits at blanks outside quotes; the quotes stay.</summary>
    public static IEnumerable<string> SplitWords(string text)
    {
        int start = 0;
        char quote = '\0';
        for (int index = 0; index <= text.Length; index++)
        {
            char character = index == text.Length ? ' ' : text[index];
            if (character == ' ' && (quote == '\0' || index == text.Length))
            {
                if (index > start)
                {
                    yield return text[start..index];
                }

                start = index + 1;
            }
            else if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && (character is '\'' or '"'))
            {
                quote = character;
            }
        }
    }

    private static CommandParameter? AtPosition(CommandDescription description, Hashtable values) => description.Parameters
        .Where(parameter => !values.ContainsKey(parameter.Name))
        .Select(parameter => (Parameter: parameter, Position: PositionOf(parameter)))
        .Where(pair => pair.Position >= 0)
        .OrderBy(pair => pair.Position)
        .Select(pair => pair.Parameter)
        .FirstOrDefault();

    private static int PositionOf(CommandParameter parameter) =>
        parameter.Entries.Select(entry => entry.Position).DefaultIfEmpty(-1).Max();

    private static CommandParameter? Find(CommandDescription description, string name)
    {
        try
        {
            return description.FindParameter(name);
        }
        catch (ParameterBindingException)
        {
            return null;
        }
    }
}
