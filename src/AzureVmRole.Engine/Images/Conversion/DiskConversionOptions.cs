namespace AzureVmRole.Engine.Images.Conversion;

/// <summary>How a disk is converted. The source may be of any readable format, or the top of a chain.</summary>
public sealed record DiskConversionOptions
{
    /// <summary>The absolute path of the source.</summary>
    public required string SourcePath { get; init; }

    /// <summary>The absolute path of the new file.</summary>
    public required string DestinationPath { get; init; }

    /// <summary>The target's format; null lets the file name's extension decide (.vhdx, .raw, .img; else VHD).</summary>
    public VhdFormat? Format { get; init; }

    /// <summary>Fixed (the default) or dynamic; raw knows only fixed.</summary>
    public VhdType Type { get; init; } = VhdType.Fixed;

    /// <summary>The block size in bytes of a dynamic target; null for the format's default.</summary>
    public long? BlockSizeInBytes { get; init; }

    /// <summary>
    /// The virtual size of the target in bytes; null takes the source's, rounded up to a whole MiB for VHD (Azure's rule).
    /// A smaller size is refused when it would cut a partition.
    /// </summary>
    public long? SizeInBytes { get; init; }

    /// <summary>Whether an existing target may be replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How many pieces are in flight at once; null lets the machine decide.</summary>
    public int? Parallelism { get; init; }
}
