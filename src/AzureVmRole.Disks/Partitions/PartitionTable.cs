namespace AzureVmRole.Disks.Partitions;

/// <summary>The partition table of a disk, with everything that is wrong with it.</summary>
public sealed record PartitionTable
{
    private const long OneMebibyte = 1 << 20;

    /// <summary>The disk file.</summary>
    public required string Path { get; init; }

    /// <summary>The virtual size of the disk in bytes.</summary>
    public required long DiskLengthInBytes { get; init; }

    /// <summary>The logical sector size that the table counts in.</summary>
    public required int SectorSize { get; init; }

    /// <summary>The kind of table.</summary>
    public PartitionStyle Style { get; init; }

    /// <summary>The generation of virtual machine that boots the disk.</summary>
    public DiskGeneration Generation { get; init; }

    /// <summary>Whether the disk has what both generations need to boot; <see cref="Generation"/> is then Gen2.</summary>
    public bool BootsInBothGenerations { get; init; }

    /// <summary>The partitions in table order, the extended partition and the logical ones included.</summary>
    public IReadOnlyList<DiskPartition> Partitions { get; init; } = [];

    /// <summary>What is wrong with the table.</summary>
    public IReadOnlyList<DiskFinding> Findings { get; init; } = [];

    /// <summary>What sector 0 says; null where it is no MBR.</summary>
    public MbrTable? Mbr { get; init; }

    /// <summary>Both copies of a GPT; null unless <see cref="Style"/> is Gpt.</summary>
    public GptTable? Gpt { get; init; }

    /// <summary>
    /// The exact smallest virtual size in bytes that cuts no partition and, on a GPT disk, holds the backup; null where
    /// there is no table that tells.
    /// </summary>
    public long? MinimumLengthInBytes { get; init; }

    /// <summary><see cref="MinimumLengthInBytes"/> rounded up to a whole MiB.</summary>
    public long? MinimumLengthInWholeMebibytes =>
        MinimumLengthInBytes is { } length ? checked(length + OneMebibyte - 1) / OneMebibyte * OneMebibyte : null;

    /// <summary>Reads the table. A wrong table is told in the findings; only reading the disk itself can fail.</summary>
    /// <exception cref="DiskFormatException">The disk's own tables are wrong.</exception>
    /// <exception cref="DiskOperationException">The operating system could not read.</exception>
    public static PartitionTable Read(VirtualDisk disk) => new PartitionTableReader(disk).Read();
}
