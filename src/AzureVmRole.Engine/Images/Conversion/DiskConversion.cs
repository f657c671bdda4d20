using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Images.Conversion;

/// <summary>Turns a disk of any readable format into a new one.</summary>
public static class DiskConversion
{
    private const long Mebibyte = 1 << 20;

    /// <summary>Converts a disk, or the top of a chain. Only data is read and written: holes stay holes, zeros become holes.</summary>
    /// <param name="options">What becomes what.</param>
    /// <param name="progress">Gets how far it has come; called from several threads.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left behind.</param>
    /// <exception cref="DiskFormatException">The source, or a parent, breaks the rules of its format.</exception>
    /// <exception cref="DiskOperationException">The source cannot be opened, or the target not be made.</exception>
    public static Task<BaseVhd> ConvertAsync(
        DiskConversionOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken) =>
        Task.Run(() => ConvertCoreAsync(options with { SourcePath = DiskPath.Resolve(options.SourcePath), DestinationPath = DiskPath.Resolve(options.DestinationPath) }, progress, cancellationToken), cancellationToken);

    /// <summary>The size that a copy has by default: the disk's, or the next one that the target's format allows.</summary>
    internal static long DefaultSize(VirtualDisk source, VhdFormat format)
    {
        long unit = format switch
        {
            VhdFormat.Vhd => Mebibyte,
            VhdFormat.Vhdx => source.LogicalSectorSize,
            _ => 1,
        };
        return (source.LengthInBytes + unit - 1) / unit * unit;
    }

    private static async Task<BaseVhd> ConvertCoreAsync(
        DiskConversionOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using (VirtualDisk source = VirtualDiskFile.Open(options.SourcePath))
        {
            ChainMembers.ThrowIfMember(source, options.DestinationPath);
            OutputFile.CheckTarget(options.DestinationPath, options.Overwrite);
            VhdFormat format = options.Format ?? ImageFile.FormatOf(options.DestinationPath);
            var target = new DiskTarget
            {
                Path = options.DestinationPath,
                Format = format,
                Type = options.Type,
                SizeInBytes = options.SizeInBytes ?? DefaultSize(source, format),
                BlockSizeInBytes = options.BlockSizeInBytes,
                LogicalSectorSize = TargetSectorSize(source, format, options.DestinationPath),
            };
            var image = new ImageFile(target, options.Overwrite)
            {
                Activity = "Converting disk",
                Parallelism = options.Parallelism,
            };
            await image.CopyFromAsync(source, progress, cancellationToken).ConfigureAwait(false);
        }

        return DiskDescription.Describe(options.DestinationPath);
    }

    /// <summary>Partition tables count in logical sectors, so a copy must keep their size.</summary>
    private static int TargetSectorSize(VirtualDisk source, VhdFormat format, string targetPath)
    {
        if (source.LogicalSectorSize != 512 && format != VhdFormat.Vhdx)
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, targetPath,
                $"'{source.Path}' has logical sectors of {source.LogicalSectorSize} bytes; a {format} image has 512, and the partition table would point elsewhere.",
                "Convert it to VHDX, or make the disk again with sectors of 512 bytes.");
        }

        return source.LogicalSectorSize;
    }
}
