namespace AzureVmRole;

/// <summary>
/// A virtual disk as Get-BaseVhd shows it. Property names are those of the Hyper-V module's Get-VHD;
/// sizes are bytes.
/// </summary>
public sealed record BaseVhd
{
    /// <summary>The absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The file format.</summary>
    public required VhdFormat VhdFormat { get; init; }

    /// <summary>How the file holds its data.</summary>
    public required VhdType VhdType { get; init; }

    /// <summary>The length of the file.</summary>
    public required long FileSize { get; init; }

    /// <summary>What the file occupies on its volume; equal to FileSize where the volume does not tell.</summary>
    public required long AllocatedSize { get; init; }

    /// <summary>The virtual size: what a guest sees.</summary>
    public required long Size { get; init; }

    /// <summary>The smallest virtual size that cuts no partition; null without a readable partition table.</summary>
    public long? MinimumSize { get; init; }

    /// <summary>The logical sector size.</summary>
    public required int LogicalSectorSize { get; init; }

    /// <summary>The physical sector size.</summary>
    public required int PhysicalSectorSize { get; init; }

    /// <summary>The block (cluster) size of a format that allocates blocks; 0 for fixed and raw.</summary>
    public required long BlockSize { get; init; }

    /// <summary>The parent of a differencing disk; null for others.</summary>
    public string? ParentPath { get; init; }

    /// <summary>The disk's unique id; empty for formats without one.</summary>
    public Guid DiskIdentifier { get; init; }

    /// <summary>1 when data blocks lie on 4 KiB boundaries of the file, else 0 (as Get-VHD).</summary>
    public int Alignment { get; init; }

    /// <summary>The application that made the file, as its header names it; empty where there is none.</summary>
    public string Creator { get; init; } = "";

    /// <summary>The kind of partition table.</summary>
    public PartitionStyle PartitionStyle { get; init; }

    /// <summary>The generation of virtual machine the disk boots in.</summary>
    public DiskGeneration Generation { get; init; }

    /// <summary>The partitions, in table order.</summary>
    public DiskPartition[] Partitions { get; init; } = [];

    /// <summary>What is odd about the file although it can be read.</summary>
    public DiskFinding[] Findings { get; init; } = [];
}
