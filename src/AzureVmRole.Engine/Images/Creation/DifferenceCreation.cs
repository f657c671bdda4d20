using System.Numerics;
using AzureVmRole.Disks;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Images.Creation;

/// <summary>Makes differencing disks.</summary>
public static class DifferenceCreation
{
    private const long DefaultBlockSize = 2L << 20;
    private const long SmallestBlockSize = 512L << 10;

    /// <summary>Makes a differencing VHD that holds nothing yet: it shows what its parent shows.</summary>
    /// <param name="options">Where it goes and on which parent.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left behind.</param>
    /// <exception cref="DiskFormatException">The parent breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The parent is missing or no VHD, or the file cannot be made.</exception>
    public static Task<BaseVhd> CreateAsync(DifferenceCreationOptions options, CancellationToken cancellationToken) =>
        Task.Run(() => CreateCoreAsync(options with { Path = DiskPath.Resolve(options.Path), ParentPath = DiskPath.Resolve(options.ParentPath) }, cancellationToken), cancellationToken);

    private static async Task<BaseVhd> CreateCoreAsync(DifferenceCreationOptions options, CancellationToken cancellationToken)
    {
        long blockSize = options.BlockSizeInBytes ?? DefaultBlockSize;
        if (!BitOperations.IsPow2(blockSize) || blockSize is < SmallestBlockSize or > DefaultBlockSize)
        {
            throw new DiskOperationException(
                ErrorCode.InvalidArgument, options.Path, $"'{options.Path}' would be a difference with blocks of {blockSize} bytes.",
                $"Leave the block size out, or give a power of two from {SmallestBlockSize} to {DefaultBlockSize}.");
        }

        if (ImageFile.FormatOf(options.Path) != VhdFormat.Vhd)
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, options.Path, $"'{options.Path}' asks for another format than VHD.",
                "Give a file name that ends in .vhd: differences are made as VHD.");
        }

        using (VirtualDisk parent = OpenParent(options))
        {
            ChainMembers.ThrowIfMember(parent, options.Path);
            OutputFile.CheckTarget(options.Path, options.Overwrite);
            DiskLeftovers.Settle(options.Path, options.Overwrite);
            using var output = OutputFile.Create(options.Path, options.Overwrite);
            DifferencingVhd.Create(
                output.File, options.Path, parent, (int)blockSize, TimeProvider.System.GetUtcNow().UtcDateTime);
            await output.CommitAsync(null, null, cancellationToken).ConfigureAwait(false);
        }

        return DiskDescription.Describe(options.Path);
    }

    private static VirtualDisk OpenParent(DifferenceCreationOptions options)
    {
        try
        {
            return VirtualDiskFile.Open(options.ParentPath);
        }
        catch (DiskOperationException exception) when (exception.Code == ErrorCode.FileNotFound)
        {
            throw new DiskOperationException(
                ErrorCode.ParentNotFound, options.ParentPath, $"There is no parent disk '{options.ParentPath}'.",
                "Check the parent's path.", exception);
        }
    }
}
