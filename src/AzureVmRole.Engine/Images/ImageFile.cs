using AzureVmRole.Disks;
using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Engine.Images;

/// <summary>
/// A new image file, empty or with a disk's content. It gets its name when it is whole and on stable storage; until then
/// whatever had that name is untouched.
/// </summary>
internal sealed class ImageFile
{
    private readonly DiskTarget _target;
    private readonly bool _overwrite;

    public ImageFile(DiskTarget target, bool overwrite)
    {
        _target = target;
        _overwrite = overwrite;
    }

    /// <summary>The modification time that the file gets, or null for now.</summary>
    public DateTime? LastWriteTimeUtc { get; init; }

    /// <summary>What is being done, for the progress records.</summary>
    public string Activity { get; init; } = "Writing disk";

    /// <summary>How many pieces are in flight at once; null lets the machine decide.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Whether the source's own file is replaced: it stays locked until the new one has its name.</summary>
    public bool ReplacesSource { get; init; }

    /// <summary>The format that a file name asks for.</summary>
    public static VhdFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".VHDX" or ".AVHDX" => VhdFormat.Vhdx,
        ".RAW" or ".IMG" or ".BIN" => VhdFormat.Raw,
        ".QCOW2" => VhdFormat.Qcow2,
        _ => VhdFormat.Vhd,
    };

    /// <summary>Refuses a disk of a format that is only read.</summary>
    /// <exception cref="DiskOperationException">The disk is a qcow2 image.</exception>
    public static void RequireWritableFormat(VirtualDisk disk)
    {
        if (disk.Format == VhdFormat.Qcow2)
        {
            throw new DiskOperationException(
                ErrorCode.DiskFormatUnsupported, disk.Path, $"'{disk.Path}' is a qcow2 image, which this module only reads.",
                "Convert it with Convert-BaseVhd, and change the copy.");
        }
    }

    /// <summary>Makes an empty disk.</summary>
    public async Task CreateEmptyAsync(CancellationToken cancellationToken)
    {
        _target.Validate();
        using OutputFile output = CreateOutput();
        DiskImageWriter writer = _target.CreateWriter(output.File, TimeProvider.System);
        VolumeSpace.Require(_target.Path, writer.EstimateFileLength(0));
        writer.Complete();
        await output.CommitAsync(LastWriteTimeUtc, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Copies a disk; where the size changes, a GPT moves with the end of the disk.</summary>
    public async Task CopyFromAsync(
        VirtualDisk source, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        _target.Validate();
        IReadOnlyList<SectorWrite> tableWrites = ResizePlan.Create(source, _target.SizeInBytes);
        if (ReplacesSource)
        {
            RequireOneName(source);
        }

        using OutputFile output = ReplacesSource
            ? OutputFile.CreateReplacement(_target.Path)
            : CreateOutput();
        DiskImageWriter writer = _target.CreateWriter(output.File, TimeProvider.System);
        VolumeSpace.Require(_target.Path, writer.EstimateFileLength(EstimateData(source)));
        var options = new CopyOptions { Activity = Activity };
        if (Parallelism is { } parallelism)
        {
            options = options with { Parallelism = parallelism };
        }

        await new DiskCopier(source, writer, options, progress).CopyAsync(cancellationToken).ConfigureAwait(false);
        foreach (SectorWrite write in tableWrites)
        {
            WriteByUnit(writer, write);
        }

        writer.Complete();
        await output.CommitAsync(LastWriteTimeUtc, ReplacesSource ? source : null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A file under several names would become two: the new one under this name, the old one under the others.</summary>
    private static void RequireOneName(VirtualDisk disk)
    {
        if (FileStatus.Of(disk.Path) is { LinkCount: > 1 } status)
        {
            throw new DiskOperationException(
                ErrorCode.DiskTypeUnsuitable, disk.Path,
                $"'{disk.Path}' has {status.LinkCount} names (hard links); writing it anew would leave the old disk under the others.",
                "Remove the other names, or make a new disk with Convert-BaseVhd.");
        }
    }

    private OutputFile CreateOutput()
    {
        OutputFile.CheckTarget(_target.Path, _overwrite);
        DiskLeftovers.Settle(_target.Path, _overwrite);
        return OutputFile.Create(_target.Path, _overwrite);
    }

    /// <summary>What a copy of the disk occupies at most: what its files occupy, or its data where that is coded.</summary>
    private static long EstimateData(VirtualDisk source)
    {
        long allocated = 0;
        for (VirtualDisk? disk = source; disk is not null; disk = disk.Parent)
        {
            if (disk.Format == VhdFormat.Qcow2)
            {
                return source.EnumerateDataExtents(0, source.LengthInBytes).Sum(extent => extent.Length);
            }

            allocated += disk.File.GetAllocatedLength();
        }

        return Math.Min(allocated, source.LengthInBytes);
    }

    private void WriteByUnit(DiskImageWriter writer, SectorWrite write)
    {
        ReadOnlySpan<byte> data = write.Data.Span;
        long offset = write.DiskOffset;
        if (offset >= _target.SizeInBytes)
        {
            // A place that the smaller disk no longer has.
            return;
        }

        while (!data.IsEmpty)
        {
            long unitEnd = ((offset / writer.UnitSizeInBytes) + 1) * writer.UnitSizeInBytes;
            int length = (int)Math.Min(data.Length, unitEnd - offset);
            writer.Write(offset, data[..length]);
            offset += length;
            data = data[length..];
        }
    }
}
