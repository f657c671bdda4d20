using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Tests.Partitions;

/// <summary>A raw disk with a sector size of the test's choice.</summary>
internal sealed class SectorDisk : VirtualDisk
{
    private SectorDisk(DiskFile file, int sectorSize)
        : base(file, file.Length) => LogicalSectorSize = sectorSize;

    public override VhdFormat Format => VhdFormat.Raw;

    public override VhdType Type => VhdType.Fixed;

    public override int LogicalSectorSize { get; }

    public static SectorDisk Open(string path, int sectorSize = 512) => new(DiskFile.OpenRead(path), sectorSize);

    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length) =>
        [new DiskExtent(diskOffset, length, ExtentKind.File, File, diskOffset)];
}
