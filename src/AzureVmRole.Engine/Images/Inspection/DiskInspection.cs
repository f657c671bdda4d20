namespace AzureVmRole.Engine.Images.Inspection;

/// <summary>Tells what a disk is.</summary>
public static class DiskInspection
{
    /// <summary>Describes a disk of any readable format. Takes the same time however large the disk is.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="DiskFormatException">The file, or a parent, breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">A file cannot be opened, or a parent is missing or another disk.</exception>
    public static Task<BaseVhd> InspectAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => DiskDescription.Describe(path), cancellationToken);
}
