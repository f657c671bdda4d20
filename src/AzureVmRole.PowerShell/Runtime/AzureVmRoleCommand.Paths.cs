using System.Collections.ObjectModel;
using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

public abstract partial class AzureVmRoleCommand
{
    private const string FileSystem = "FileSystem";

    /// <summary>The files that a path with wildcards names: none when a wildcard matches nothing.</summary>
    /// <param name="path">The path as the user wrote it.</param>
    /// <param name="preferLiteral">
    /// Whether a file of exactly this name wins over the wildcard's matches: the path may be the property of an object, or
    /// name a file in a parameter that takes one only, where <c>[</c> is a letter.
    /// </param>
    /// <exception cref="DiskOperationException">The path is of another provider, or names no file.</exception>
    private protected string[] FindFiles(string path, bool preferLiteral = false)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path) || (preferLiteral && File.Exists(ResolveLiteral(path))))
        {
            return [FindFile(path)];
        }

        try
        {
            Collection<string> matches = GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RequireFileSystem(path, provider);
            return [.. matches.Where(File.Exists)];
        }
        catch (SessionStateException error)
        {
            throw NotFound(path, error);
        }
    }

    /// <summary>The one file that a path with wildcards names.</summary>
    /// <exception cref="DiskOperationException">It names none or several, or is of another provider.</exception>
    private protected string FindOneFile(string path, bool preferLiteral = false)
    {
        string[] files = FindFiles(path, preferLiteral);
        return files.Length switch
        {
            1 => files[0],
            0 => throw NotFound(path, null),
            _ => throw new DiskOperationException(
                ErrorCode.InvalidArgument,
                path,
                $"The path '{path}' matches {files.Length} files, but this command takes one at a time.",
                "Name one file, or pipe the files one by one."),
        };
    }

    /// <summary>The file that a literal path names.</summary>
    /// <exception cref="DiskOperationException">There is no such file, or the path is of another provider.</exception>
    private protected string FindFile(string literalPath)
    {
        string file = ResolveLiteral(literalPath);
        if (File.Exists(file))
        {
            return file;
        }

        throw Directory.Exists(file)
            ? new DiskOperationException(
                ErrorCode.PathIsFolder,
                literalPath,
                $"'{file}' is a folder, but a disk file is needed.",
                "Name a file in the folder, or all of them with '*'.")
            : NotFound(literalPath, null);
    }

    /// <summary>A path that names nothing is an error of its own: the others still have their turn.</summary>
    private protected string[] FindEach(Func<string[]> find)
    {
        try
        {
            return find();
        }
        catch (AzureVmRoleException error)
        {
            WriteError(ErrorRecords.From(error));
            return [];
        }
    }

    /// <summary>The absolute path of a file that need not exist.</summary>
    /// <exception cref="DiskOperationException">The path is of another provider, or on a drive that does not exist.</exception>
    private protected string ResolveLiteral(string literalPath)
    {
        try
        {
            string file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(literalPath, out ProviderInfo provider, out _);
            RequireFileSystem(literalPath, provider);
            return file;
        }
        catch (SessionStateException error)
        {
            throw NotFound(literalPath, error);
        }
    }

    private static void RequireFileSystem(string path, ProviderInfo provider)
    {
        if (!string.Equals(provider.Name, FileSystem, StringComparison.Ordinal))
        {
            throw new DiskOperationException(
                ErrorCode.PathNotFileSystem,
                path,
                $"The path '{path}' belongs to the PowerShell provider {provider.Name}, but disks are files.",
                "Name a file, or change to a folder of the file system first ('Set-Location').");
        }
    }

    private static DiskOperationException NotFound(string path, Exception? cause) => new(
        ErrorCode.FileNotFound,
        path,
        cause is System.Management.Automation.DriveNotFoundException
            ? $"The path '{path}' is on a drive that does not exist."
            : $"The file '{path}' does not exist.",
        "Check the spelling and the current folder ('Get-Location').",
        cause);
}
