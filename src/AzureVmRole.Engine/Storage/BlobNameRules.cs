using System.Buffers;

namespace AzureVmRole.Engine.Storage;

/// <summary>"Naming and referencing containers, blobs, and metadata". Both stores keep to it, so that a name works in both.</summary>
internal static class BlobNameRules
{
    public const int LongestName = 1024;

    private const string LowerLettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>What a URI's scheme is made of (RFC 3986).</summary>
    public static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create(LowerLettersAndDigits + "ABCDEFGHIJKLMNOPQRSTUVWXYZ+-.");

    private static readonly SearchValues<char> ContainerCharacters = SearchValues.Create(LowerLettersAndDigits + "-");

    /// <summary>Why a container cannot have this name; null when it can.</summary>
    public static string? FindContainerFault(string name) => name switch
    {
        "$root" or "$web" or "$logs" => null,
        { Length: < 3 or > 63 } => $"it has {name.Length} characters, not 3 to 63",
        _ when name.AsSpan().IndexOfAnyExcept(ContainerCharacters) is >= 0 and int at => $"'{name[at]}' is no lower-case letter, digit or hyphen",
        _ when name.StartsWith('-') || name.EndsWith('-') || name.Contains("--", StringComparison.Ordinal) =>
            "a hyphen stands between two letters or digits",
        _ => null,
    };

    /// <summary>Why a blob cannot have this name; null when it can.</summary>
    public static string? FindNameFault(string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return $"it has {name.Length} characters, not 1 to {LongestName}";
        }

        if (name.Any(char.IsControl))
        {
            return "it holds a control character";
        }

        return Array.Exists(name.Split('/'), static part => part is "" or "." or "..") ? "a part between slashes is empty, '.' or '..'" : null;
    }
}
