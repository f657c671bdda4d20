using System.Globalization;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>What this process holds of the machine, as Linux counts it.</summary>
/// <param name="Descriptors">How many open descriptors there are, by kind: <c>socket</c>, <c>pipe</c>, a path, …. Assemblies are opened when they are needed first, and are left out.</param>
/// <param name="Threads">How many threads there are, by name; the runtime's own (.NET …) come and go, and are left out.</param>
internal sealed record ProcessResources(IReadOnlyDictionary<string, int> Descriptors, IReadOnlyDictionary<string, int> Threads)
{
    /// <summary>What is held now.</summary>
    public static ProcessResources Count() => new(
        Group(Directory.GetFileSystemEntries("/proc/self/fd").Select(Kind)),
        Group(Directory.GetDirectories("/proc/self/task").Select(Name).Where(name => !name.StartsWith(".NET ", StringComparison.Ordinal))));

    /// <summary>The processes that have a text in their environment: whoever was started with a folder of its own is known by it, also when its parent is gone.</summary>
    public static IReadOnlyList<int> ProcessesWith(string text)
    {
        var found = new List<int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId && Read(Path.Combine(folder, "environ")).Contains(text, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Each kind with its count, for a message.</summary>
    public static string Describe(IReadOnlyDictionary<string, int> counts) =>
        string.Join(", ", counts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));

    private static Dictionary<string, int> Group(IEnumerable<string> names) =>
        names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static string Name(string task) => Read(Path.Combine(task, "comm")).Trim();

    private static string Kind(string descriptor)
    {
        try
        {
            // "socket:[4711]", "pipe:[4712]", "anon_inode:[eventpoll]", or a path. The folder that is being listed is one of them.
            string target = new FileInfo(descriptor).LinkTarget ?? "";
            return target.StartsWith("socket:", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal) ? target.Split(':')[0]
                : target.StartsWith("/proc/", StringComparison.Ordinal) || target.EndsWith(".dll", StringComparison.Ordinal) ? "" : target;
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is somebody else's.
            return "";
        }
    }
}
