using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Readiness;

namespace AzureVmRole.Disks.Tests.Readiness;

/// <summary>A disk that says of itself whatever a test wants, for rules that look at no more.</summary>
internal sealed class StatedDisk(DiskFile file, long lengthInBytes) : VirtualDisk(file, lengthInBytes)
{
    public VhdFormat StatedFormat { get; init; } = VhdFormat.Vhd;

    public VhdType StatedType { get; init; } = VhdType.Fixed;

    public int StatedSectorSize { get; init; } = 512;

    public VirtualDisk? StatedParent { get; init; }

    public override VhdFormat Format => StatedFormat;

    public override VhdType Type => StatedType;

    public override int LogicalSectorSize => StatedSectorSize;

    public override VirtualDisk? Parent => StatedParent;

    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length) =>
        throw new NotSupportedException("A rule reads headers and tables only.");

    /// <summary>The disk with a partition table that suits it.</summary>
    public ReadinessSubject With(
        PartitionStyle style, DiskGeneration told, DiskGeneration? asked = null, bool isDataDisk = false, long offset = 1 << 20,
        bool boots = false) => new(
            this,
            new PartitionTable
            {
                Path = Path,
                DiskLengthInBytes = LengthInBytes,
                SectorSize = 512,
                Style = style,
                Generation = told,
                BootsInBothGenerations = boots,
                Partitions = style == PartitionStyle.Raw ? [] : [new DiskPartition { Number = 1, Offset = offset, Size = 1 << 20, Type = "x", TypeCode = "07" }],
            },
            asked ?? told, asked is not null, isDataDisk);
}
