namespace AzureVmRole.Disks.Vhdx;

/// <summary>What a new VHDX disk is like.</summary>
public sealed record VhdxWriterOptions
{
    /// <summary>Fixed or dynamic.</summary>
    public VhdType Type { get; init; } = VhdType.Dynamic;

    /// <summary>
    /// The block size in bytes, a power of two from 1 MiB to 256 MiB; 0 for one that fits the disk: 1 MiB up to 4 GiB,
    /// then growing with the disk to the customary 32 MiB from 128 GiB on.
    /// </summary>
    public int BlockSizeInBytes { get; init; }

    /// <summary>The logical sector size in bytes: 512 or 4096.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>The physical sector size in bytes: 512 or 4096.</summary>
    public int PhysicalSectorSize { get; init; } = 4096;

    /// <summary>The disk's id, which SCSI page 83 shows to the guest.</summary>
    public Guid Identifier { get; init; } = Guid.NewGuid();

    /// <summary>The data write GUID, by which a child will name this disk.</summary>
    public Guid DataWriteGuid { get; init; } = Guid.NewGuid();
}
