using System.Collections.ObjectModel;

namespace System.Management.Automation;

public sealed partial class PathIntrinsics
{
    private static Collection<string> Expand(string start, string pattern)
    {
        string native = ToNative(pattern);
        string root = Path.IsPathRooted(native) ? Path.GetPathRoot(native) ?? "" : "";
        string[] segments = native[root.Length..].Split(
            Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        List<string> found = [root.Length > 0 ? Path.GetFullPath(root, start) : start];
        for (int index = 0; index < segments.Length; index++)
        {
            bool last = index == segments.Length - 1;
            List<string> next = [];
            foreach (string folder in found)
            {
                AddMatches(folder, segments[index], last, next);
            }

            found = next;
        }

        return new Collection<string>(found);
    }

    private static void AddMatches(string folder, string segment, bool last, List<string> matches)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(segment))
        {
            string literal = Path.GetFullPath(WildcardPattern.Unescape(segment), folder);
            if (last ? Path.Exists(literal) : Directory.Exists(literal))
            {
                matches.Add(literal);
            }

            return;
        }

        WildcardPattern pattern = new(segment, WildcardOptions.IgnoreCase);
        List<string> folders = [];
        List<string> files = [];
        EnumerationOptions options = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
        foreach (FileSystemInfo item in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options))
        {
            bool isFolder = item.Attributes.HasFlag(FileAttributes.Directory);
            bool isVisible = !item.Attributes.HasFlag(FileAttributes.Hidden);
            if (isVisible && (last || isFolder) && pattern.IsMatch(item.Name))
            {
                (isFolder ? folders : files).Add(item.FullName);
            }
        }

        folders.Sort(StringComparer.OrdinalIgnoreCase);
        files.Sort(StringComparer.OrdinalIgnoreCase);
        matches.AddRange(folders);
        matches.AddRange(files);
    }
}
