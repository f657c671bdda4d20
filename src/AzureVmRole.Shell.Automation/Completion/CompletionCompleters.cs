using System.Buffers;

namespace System.Management.Automation;

/// <summary>Ready-made completions.</summary>
public static class CompletionCompleters
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" '\"`$,;|&(){}@#");

    /// <summary>
    /// Returns the files and folders whose path starts with <paramref name="fileName"/>, relative to the process's
    /// working directory.
    /// </summary>
    public static IEnumerable<CompletionResult> CompleteFilename(string fileName) =>
        CompleteFilename(fileName, Directory.GetCurrentDirectory());

    internal static List<CompletionResult> CompleteFilename(string fileName, string location)
    {
        List<CompletionResult> results = [];
        int cut = fileName.AsSpan().LastIndexOfAny('/', '\\') + 1;
        string prefix = fileName[..cut];
        string typed = fileName[cut..];
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string folder = prefix.StartsWith('~') ? home + prefix[1..] : Path.Combine(location, prefix);
        if (!Directory.Exists(folder))
        {
            return results;
        }

        foreach (FileSystemInfo item in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            bool hidden = item.Name.StartsWith('.') && !typed.StartsWith('.');
            if (!hidden && item.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            {
                bool isFolder = item.Attributes.HasFlag(FileAttributes.Directory);
                results.Add(new CompletionResult(
                    Quote(prefix + item.Name),
                    item.Name,
                    isFolder ? CompletionResultType.ProviderContainer : CompletionResultType.ProviderItem,
                    item.FullName));
            }
        }

        results.Sort((left, right) => StringComparer.OrdinalIgnoreCase.Compare(left.ListItemText, right.ListItemText));
        return results;
    }

    private static string Quote(string path) =>
        path.AsSpan().ContainsAny(NeedQuotes)
            ? "'" + path.Replace("'", "''", StringComparison.Ordinal) + "'"
            : path;
}
