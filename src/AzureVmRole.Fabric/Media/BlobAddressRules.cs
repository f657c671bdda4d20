namespace AzureVmRole.Fabric.Media;

/// <summary>Which addresses of blobs are taken at all, before anything is looked at.</summary>
internal static class BlobAddressRules
{
    private const int LongestAddress = 8 * 1024;
    private const int LongestName = 1024;

    /// <summary>Whether an address is a URI and not a name.</summary>
    public static bool IsUri(string address)
    {
        int colon = address.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(address[0])
            && address[..colon].All(static character => char.IsAsciiLetterOrDigit(character) || character is '+' or '.' or '-');
    }

    /// <summary>Why an address is refused; null when it is not.</summary>
    public static string? FindFault(string address)
    {
        if (address.Length is 0 or > LongestAddress)
        {
            return $"it has {address.Length} characters";
        }

        if (address.Any(static character => char.IsControl(character) || character == '\\'))
        {
            return "it holds a backslash or a control character";
        }

        return IsUri(address) ? FindUriFault(address) : FindNameFault(address);
    }

    private static string? FindUriFault(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            return "it is no valid URI";
        }

        // The parser has resolved dot segments already; what was written is what counts.
        string written = Uri.UnescapeDataString(Uri.UnescapeDataString(address));
        if (written.Split('/', '\\').Any(static part => part is "." or ".."))
        {
            return "a part between slashes is '.' or '..'";
        }

        if (written.Any(char.IsControl))
        {
            return "it holds a control character";
        }

        return address.Contains('?', StringComparison.Ordinal) || address.Contains('#', StringComparison.Ordinal) || uri.UserInfo.Length > 0
            ? "it has a query, a fragment or a user name"
            : null;
    }

    private static string? FindNameFault(string name)
    {
        string[] parts = name.Split('/');
        if (parts.Length < 2 || name.Length > LongestName)
        {
            return "it is no name of the form container/name";
        }

        if (Array.Exists(parts, static part => part is "" or "." or ".."))
        {
            return name.StartsWith('/') ? "it is a path of a file" : "a part between slashes is empty, '.' or '..'";
        }

        return IsContainer(parts[0]) ? null : $"'{parts[0]}' is no name of a container";
    }

    /// <summary>"Naming and referencing containers": 3 to 63 lower-case letters, digits and single hyphens between them.</summary>
    private static bool IsContainer(string name) =>
        name.Length is >= 3 and <= 63
        && name.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
        && !name.StartsWith('-') && !name.EndsWith('-') && !name.Contains("--", StringComparison.Ordinal);
}
