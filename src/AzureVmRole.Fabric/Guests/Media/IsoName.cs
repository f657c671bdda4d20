namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>The names of files in ISO 9660's own directory, for readers that know neither Joliet nor UDF: level 2, with hyphens kept (Linux shows <c>ovf-env.xml</c>).</summary>
internal static class IsoName
{
    private const int LongestName = 26;
    private const int LongestExtension = 3;

    /// <summary>A name and an extension a file, all different.</summary>
    public static IReadOnlyList<(string Name, string Extension)> Make(IEnumerable<string> names)
    {
        var made = new List<(string Name, string Extension)>();
        foreach (string name in names)
        {
            int dot = name.LastIndexOf('.');
            string first = Fit(dot < 0 ? name : name[..dot], LongestName);
            string last = Fit(dot < 0 ? "" : name[(dot + 1)..], LongestExtension);
            string unique = first;
            for (int number = 1; made.Contains((unique, last)); number++)
            {
                string end = $"_{number}";
                unique = first[..Math.Min(first.Length, LongestName - end.Length)] + end;
            }

            made.Add((unique, last));
        }

        return made;
    }

    private static string Fit(string text, int longest)
    {
        string fit = string.Concat(text.ToUpperInvariant().Select(static sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' ? sign : '_'));
        return fit[..Math.Min(fit.Length, longest)];
    }
}
