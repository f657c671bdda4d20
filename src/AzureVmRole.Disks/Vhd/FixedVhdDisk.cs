using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>A fixed VHD: the bytes of the disk, then the footer.</summary>
internal sealed class FixedVhdDisk : VirtualDisk, IVhdDisk
{
    public FixedVhdDisk(DiskFile file, VhdFooterSet footers, long lengthInBytes)
        : base(file, lengthInBytes) => Footers = footers;

    /// <inheritdoc/>
    public VhdFooterSet Footers { get; }

    /// <inheritdoc/>
    public VhdDynamicHeader? Header => null;

    public override VhdFormat Format => VhdFormat.Vhd;

    public override VhdType Type => VhdType.Fixed;

    public override Guid Identifier => Footers.Footer.UniqueId;

    public override DateTime? TimeStampUtc => VhdFormatConstants.Epoch.AddSeconds(Footers.Footer.TimeStamp);

    public override string Creator => Footers.Footer.CreatorApplication.TrimEnd('\0', ' ');

    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        if (length > 0)
        {
            yield return new DiskExtent(diskOffset, length, ExtentKind.File, File, diskOffset);
        }
    }
}
