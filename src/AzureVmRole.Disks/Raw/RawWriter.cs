using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Raw;

/// <summary>Writes the bytes of a disk and nothing else.</summary>
public sealed class RawWriter : DiskImageWriter
{
    private readonly DiskFile _file;

    /// <summary>Starts a raw disk in an empty file.</summary>
    public RawWriter(DiskFile file, long lengthInBytes)
    {
        _file = file;
        LengthInBytes = lengthInBytes;
        file.SetLength(lengthInBytes);
    }

    /// <inheritdoc/>
    public override long LengthInBytes { get; }

    /// <inheritdoc/>
    public override int UnitSizeInBytes => 1 << 20;

    /// <inheritdoc/>
    public override long EstimateFileLength(long dataInBytes) => dataInBytes;

    /// <inheritdoc/>
    public override FilePlace? GetFixedPlace(long diskOffset) => new FilePlace(_file, diskOffset);

    /// <inheritdoc/>
    public override void Write(long diskOffset, ReadOnlySpan<byte> data) => _file.Write(diskOffset, data);

    /// <inheritdoc/>
    public override void Complete()
    {
        // A raw disk has no headers.
    }
}
