using AzureVmRole.Disks.Copying;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Writes a fixed VHD: data in its place, the footer last.</summary>
internal sealed class FixedVhdWriter : DiskImageWriter
{
    private readonly DiskFile _file;
    private readonly VhdFooter _footer;

    /// <summary>Starts a disk in an empty file.</summary>
    public FixedVhdWriter(DiskFile file, VhdFooter footer)
    {
        _file = file;
        _footer = footer;
        file.SetLength(LengthInBytes);
    }

    public override long LengthInBytes => (long)_footer.CurrentSize;

    public override int UnitSizeInBytes => 1 << 20;

    public override long EstimateFileLength(long dataInBytes) => dataInBytes + VhdFooter.Size;

    public override FilePlace? GetFixedPlace(long diskOffset) => new FilePlace(_file, diskOffset);

    public override void Write(long diskOffset, ReadOnlySpan<byte> data) => _file.Write(diskOffset, data);

    public override void Complete() => _file.Write(LengthInBytes, _footer.ToArray());
}
