namespace AzureVmRole.Shell.Hosting;

/// <summary>Finds the folder with the module's built files.</summary>
internal static class ModuleFolder
{
    public const string CmdletFile = "AzureVmRole.PowerShell.dll";

    /// <summary>
    /// Returns the folder: the parent of the shell's own (bin/shell in the laid-out module), or the bin folder beside one of
    /// the folders above (a shell run from its build output). Null when there is none.
    /// </summary>
    public static string? Find(string shellFolder)
    {
        string start = Path.TrimEndingDirectorySeparator(shellFolder);
        if (Path.GetDirectoryName(start) is { } parent && Holds(parent))
        {
            return parent;
        }

        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "bin");
            if (Holds(candidate) && File.Exists(Path.Combine(folder, "AzureVmRole.psd1")))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool Holds(string folder) =>
        File.Exists(Path.Combine(folder, CmdletFile)) && Directory.Exists(Path.Combine(folder, "engine"));
}
