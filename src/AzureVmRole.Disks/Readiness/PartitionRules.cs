namespace AzureVmRole.Disks.Readiness;

/// <summary>What Azure wants of the partition table for the generation of machine that the disk is meant for.</summary>
internal static class PartitionRules
{
    private const long Mebibyte = 1L << 20;

    public static IReadOnlyList<ReadinessRule> All { get; } =
    [
        new("GenerationStyle", Style),
        new("SystemPartition", SystemPartition),
        new("PartitionAlignment", Alignment),
    ];

    private static IEnumerable<DiskFinding> Style(ReadinessSubject subject)
    {
        PartitionStyle style = subject.Partitions.Style;
        if (!subject.IsGenerationAsked || subject.IsDataDisk || style == PartitionStyle.Raw)
        {
            yield break;
        }

        bool bootsThere = subject.Partitions.Generation == subject.Generation || subject.Partitions.BootsInBothGenerations;
        PartitionStyle wanted = subject.Generation == DiskGeneration.Gen2 ? PartitionStyle.Gpt : PartitionStyle.Mbr;
        if (!bootsThere && style != wanted)
        {
            yield return subject.Finding(
                "GenerationStyle", FindingSeverity.Error,
                $"The partition table is {style}, for machines of {(style == PartitionStyle.Gpt ? "generation 2" : "generation 1")}.",
                subject.Generation == DiskGeneration.Gen2
                    ? "GPT with an EFI system partition for generation 2."
                    : "MBR with an active partition (or GPT with a BIOS boot partition) for generation 1.",
                "Register the image for the other generation, or convert the table in the guest (Windows: mbr2gpt).");
        }
    }

    private static IEnumerable<DiskFinding> SystemPartition(ReadinessSubject subject)
    {
        if (!subject.IsDataDisk && subject.Partitions.Generation == DiskGeneration.Unknown)
        {
            yield return subject.Finding(
                "SystemPartition", FindingSeverity.Warning,
                subject.Partitions.Style == PartitionStyle.Raw
                    ? "The disk has no partition table."
                    : $"The {subject.Partitions.Style} partition table has no partition to boot from.",
                "An active partition (MBR), an EFI system partition or a BIOS boot partition (GPT).",
                "If the disk holds data only, test it with -DataDisk; else make it bootable.");
        }
    }

    private static IEnumerable<DiskFinding> Alignment(ReadinessSubject subject)
    {
        DiskPartition[] unaligned = subject.Partitions.Partitions.Where(partition => partition.Offset % Mebibyte != 0).ToArray();
        if (unaligned.Length > 0)
        {
            yield return subject.Finding(
                "PartitionAlignment", FindingSeverity.Information,
                $"Partitions start off a MiB boundary: {string.Join(", ", unaligned.Select(partition => $"{partition.Number} at byte {partition.Offset}"))}.",
                "Starts on whole MiB: others cost speed, nothing else.", "Nothing needs to be done; align partitions when the image is next built.");
        }
    }
}
