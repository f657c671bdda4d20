using System.IO.Enumeration;

namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>A blob's or container's name in which * stands for any characters, slashes included, and ? for one.</summary>
/// <param name="text">The pattern; null for any name.</param>
internal sealed class BlobPattern(string? text)
{
    private static readonly char[] Wildcards = ['*', '?'];

    /// <summary>Whether it stands for more than one name.</summary>
    public bool IsPattern => text is null || text.AsSpan().IndexOfAny(Wildcards) >= 0;

    /// <summary>What every name that matches starts with; null for nothing.</summary>
    public string? Prefix => text is null ? null : text.IndexOfAny(Wildcards) switch
    {
        0 => null,
        < 0 => text,
        int first => text[..first],
    };

    /// <summary>Whether a name matches; names are case-sensitive.</summary>
    public bool Matches(string name) =>
        text is null || (IsPattern ? FileSystemName.MatchesSimpleExpression(text.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false) : name == text);
}
