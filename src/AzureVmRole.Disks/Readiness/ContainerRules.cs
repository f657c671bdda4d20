namespace AzureVmRole.Disks.Readiness;

/// <summary>What Azure wants of the file as a container: format, type, sizes (prepare-for-upload-vhd-image, generation-2, disks-upload).</summary>
internal static class ContainerRules
{
    private const long Mebibyte = 1L << 20;
    private const long Gibibyte = 1L << 30;
    private const long SmallestSize = 20 * Mebibyte;
    private const long LargestGeneration1 = 2048 * Gibibyte;
    private const long LargestGeneration2 = 4095 * Gibibyte;
    private const long LargestData = 32767 * Gibibyte;

    public static IReadOnlyList<ReadinessRule> All { get; } =
    [
        new("ContainerFormat", Format, IsAboutFile: true),
        new("ContainerType", Type, IsAboutFile: true),
        new("ContainerParent", Parent, IsAboutFile: true),
        new("SizeWholeMebibytes", WholeMebibytes, IsAboutFile: true),
        new("SizeMinimum", Minimum),
        new("SizeMaximum", Maximum),
        new("SectorSize", SectorSize),
    ];

    private static IEnumerable<DiskFinding> Format(ReadinessSubject subject)
    {
        if (subject.Disk.Format != VhdFormat.Vhd)
        {
            yield return subject.Finding(
                "ContainerFormat", FindingSeverity.Error, $"The file is a {subject.Disk.Format} image.", "A VHD.",
                "Convert it with Convert-BaseVhd.");
        }
    }

    private static IEnumerable<DiskFinding> Type(ReadinessSubject subject)
    {
        if (subject.Disk.Type == VhdType.Dynamic)
        {
            yield return subject.Finding(
                "ContainerType", FindingSeverity.Error, "The disk is dynamic.", "A fixed VHD.", "Convert it with Convert-BaseVhd.");
        }
    }

    private static IEnumerable<DiskFinding> Parent(ReadinessSubject subject)
    {
        if (subject.Disk.Parent is { } parent)
        {
            yield return subject.Finding(
                "ContainerParent", FindingSeverity.Error, $"The disk is a difference on '{parent.Path}'.", "A fixed VHD without a parent.",
                "Merge the chain into a new disk with Merge-DifferencingVhd -DestinationPath.");
        }
    }

    private static IEnumerable<DiskFinding> WholeMebibytes(ReadinessSubject subject)
    {
        long size = subject.Disk.LengthInBytes;
        if (size % Mebibyte != 0)
        {
            bool canRepair = subject.Disk.Parent is null;
            yield return subject.Finding(
                "SizeWholeMebibytes", FindingSeverity.Error, $"The virtual size is {size} bytes, {size % Mebibyte} more than a whole number of MiB.",
                $"A whole number of MiB, such as {(size + Mebibyte - 1) / Mebibyte * Mebibyte} bytes.",
                canRepair ? "Run Repair-BaseVhd, which rounds the size up." : "Merge the chain into a new disk, which gets a whole size.")
                with { CanRepair = canRepair };
        }
    }

    private static IEnumerable<DiskFinding> Minimum(ReadinessSubject subject)
    {
        if (subject.Disk.LengthInBytes < SmallestSize)
        {
            yield return subject.Finding(
                "SizeMinimum", FindingSeverity.Error, $"The virtual size is {subject.Disk.LengthInBytes} bytes.",
                $"At least 20 MiB ({SmallestSize} bytes).", "Make the disk larger with Resize-BaseVhd.");
        }
    }

    private static IEnumerable<DiskFinding> Maximum(ReadinessSubject subject)
    {
        (long limit, string use) = subject switch
        {
            { IsDataDisk: true } => (LargestData, "a data disk"),
            { Generation: DiskGeneration.Gen1 } => (LargestGeneration1, "an OS disk of generation 1"),
            { Generation: DiskGeneration.Gen2 } => (LargestGeneration2, "an OS disk of generation 2"),
            _ => (LargestData, "any disk"),
        };
        if (subject.Disk.LengthInBytes > limit)
        {
            yield return subject.Finding(
                "SizeMaximum", FindingSeverity.Error, $"The virtual size is {subject.Disk.LengthInBytes} bytes.",
                $"At most {limit / Gibibyte} GiB for {use}.", "Shrink its partitions in the guest and the disk with Resize-BaseVhd.");
        }
    }

    private static IEnumerable<DiskFinding> SectorSize(ReadinessSubject subject)
    {
        if (subject.Disk.LogicalSectorSize != 512)
        {
            yield return subject.Finding(
                "SectorSize", FindingSeverity.Error, $"Logical sectors have {subject.Disk.LogicalSectorSize} bytes.", "512 bytes.",
                "Make the disk again with sectors of 512 bytes; its partition table cannot be converted.");
        }
    }
}
