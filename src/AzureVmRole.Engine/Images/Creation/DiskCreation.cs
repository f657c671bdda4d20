using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Images.Creation;

/// <summary>Makes empty disks.</summary>
public static class DiskCreation
{
    /// <summary>Makes an empty disk. A fixed disk is sparse where the file system can: it takes no time and no space.</summary>
    /// <param name="options">What the disk should be.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left behind.</param>
    /// <exception cref="DiskOperationException">The size or block size is not allowed, or the file cannot be made.</exception>
    public static Task<BaseVhd> CreateAsync(DiskCreationOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => CreateCoreAsync(options with { Path = DiskPath.Resolve(options.Path) }, cancellationToken), cancellationToken);

    private static async Task<BaseVhd> CreateCoreAsync(DiskCreationOptions options, CancellationToken cancellationToken)
    {
        VhdFormat format = options.Format ?? ImageFile.FormatOf(options.Path);
        var target = new DiskTarget
        {
            Path = options.Path,
            Format = format,
            Type = options.Type,
            SizeInBytes = options.SizeInBytes,
            BlockSizeInBytes = options.BlockSizeInBytes,
            LogicalSectorSize = options.LogicalSectorSize,
        };
        await new ImageFile(target, options.Overwrite).CreateEmptyAsync(cancellationToken).ConfigureAwait(false);
        return DiskDescription.Describe(options.Path);
    }
}
