namespace AzureVmRole.PowerShell.Runtime;

public abstract partial class AzureVmRoleCommand
{
    // The prefix of a long path on Windows: its question mark is no wildcard.
    private const string LongPathPrefix = @"\\?\";

    private readonly HashSet<string> _written = new(
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>The absolute path of a file to write.</summary>
    /// <exception cref="DiskOperationException">
    /// The path holds a wildcard, is of another provider or on a drive that does not exist, or this invocation has written
    /// the file already.
    /// </exception>
    private protected string ResolveTarget(string path)
    {
        RequireNoWildcard(path);
        string file = ResolveLiteral(path);
        return _written.Contains(Path.GetFullPath(file))
            ? throw new DiskOperationException(
                ErrorCode.TargetExists,
                file,
                $"'{file}' was already written by this command, so writing it again would destroy that disk.",
                "Give each disk a target of its own.")
            : file;
    }

    /// <summary>As <see cref="ResolveTarget"/>, for one of several targets: a bad one is an error of its own.</summary>
    /// <returns>The target, or nothing when it cannot be used.</returns>
    private protected string[] ResolveTargetOrReport(string path)
    {
        try
        {
            return [ResolveTarget(path)];
        }
        catch (AzureVmRoleException error)
        {
            WriteError(ErrorRecords.From(error));
            return [];
        }
    }

    /// <summary>Notes that the target holds a disk now: -Force replaces older files, never what this command made.</summary>
    private protected void RememberWritten(string file) => _written.Add(Path.GetFullPath(file));

    /// <summary>What a ShouldProcess text adds when a file has to go for the new one.</summary>
    private protected static string Replacing(string file, bool force) =>
        force && File.Exists(file) ? ", replacing the file that is there" : "";

    private static void RequireNoWildcard(string path)
    {
        string name = path.StartsWith(LongPathPrefix, StringComparison.Ordinal) ? path[LongPathPrefix.Length..] : path;
        if (name.AsSpan().ContainsAny('*', '?'))
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument,
                path,
                $"The target '{path}' contains a wildcard, but a new file needs a name of its own.",
                "Name the new file without '*' and '?'.");
        }
    }
}
