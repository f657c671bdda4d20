using System.Text;
using System.Text.RegularExpressions;

namespace AzureVmRole.Engine.Compute;

/// <summary>Which resources are read.</summary>
public sealed record ResourceQuery
{
    private Regex? _pattern;

    /// <summary>A name, in which <c>*</c> and <c>?</c> stand for any letters and <c>[a-c]</c> for some; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>The resource group; null for the connection's own when <see cref="Name"/> is one name, else for all groups.</summary>
    public string? ResourceGroupName { get; init; }

    internal bool IsOne => Name is not null && !Name.AsSpan().ContainsAny('*', '?', '[');

    internal bool Matches(string name) => Name is null || (_pattern ??= PatternOf(Name)).IsMatch(name);

    // No resource has a bracket in its name, so none has to be escaped. One that is never closed is a letter.
    private static Regex PatternOf(string name)
    {
        var pattern = new StringBuilder("^");
        for (int index = 0; index < name.Length; index++)
        {
            int end = name[index] == '[' ? name.IndexOf(']', index + 1) : -1;
            if (end > index + 1)
            {
                pattern.Append('[').Append(Regex.Escape(name[(index + 1)..end])).Append(']');
                index = end;
            }
            else
            {
                pattern.Append(name[index] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    char letter => Regex.Escape(letter.ToString()),
                });
            }
        }

        return new Regex(pattern.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
