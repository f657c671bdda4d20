namespace AzureVmRole.Disks.Vhdx;

/// <summary>What the metadata region says about the disk ([MS-VHDX] section 2.6.2).</summary>
internal sealed record VhdxMetadata
{
    public required int BlockSizeInBytes { get; init; }

    /// <summary>Every block has its place in the file: a fixed disk.</summary>
    public bool LeaveBlocksAllocated { get; init; }

    public required long LengthInBytes { get; init; }

    public required Guid Identifier { get; init; }

    public required int LogicalSectorSize { get; init; }

    public required int PhysicalSectorSize { get; init; }

    /// <summary>Where the parent is; null for a disk without one.</summary>
    public VhdxParentLocator? ParentLocator { get; init; }

    public VhdxGeometry Geometry => new(LengthInBytes, BlockSizeInBytes, LogicalSectorSize);
}
