namespace AzureVmRole.Engine.Images.Creation;

/// <summary>What an empty disk should be.</summary>
public sealed record DiskCreationOptions
{
    /// <summary>The absolute path of the new file.</summary>
    public required string Path { get; init; }

    /// <summary>The virtual size in bytes: a whole number of MiB for VHD, of sectors for VHDX.</summary>
    public required long SizeInBytes { get; init; }

    /// <summary>The format; null lets the file name's extension decide (.vhdx, .raw, .img; else VHD).</summary>
    public VhdFormat? Format { get; init; }

    /// <summary>Fixed (the default) or dynamic.</summary>
    public VhdType Type { get; init; } = VhdType.Fixed;

    /// <summary>The block size in bytes of a dynamic disk; null for the default: 2 MiB for VHD; for VHDX 1 MiB, growing with the disk to 32 MiB.</summary>
    public long? BlockSizeInBytes { get; init; }

    /// <summary>The logical sector size in bytes: 512 (the default) or, VHDX only, 4096.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>Whether an existing file may be replaced.</summary>
    public bool Overwrite { get; init; }
}
