namespace AzureVmRole.PowerShell.Tests.Manifest;

/// <summary>Files of the repository that the tests are built from.</summary>
internal static class RepositoryFiles
{
    private const string ManifestName = "AzureVmRole.psd1";

    public static string Root { get; } = FindRoot();

    public static string Manifest => Path.Combine(Root, ManifestName);

    public static string FormatViews => Path.Combine(Root, "src", "AzureVmRole.PowerShell", "AzureVmRole.format.ps1xml");

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, ManifestName)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"No folder above the tests holds {ManifestName}.");
    }
}
