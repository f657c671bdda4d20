namespace AzureVmRole.Disks.Vhdx;

/// <summary>How a disk is cut into blocks and chunks, and where their entries are in the BAT ([MS-VHDX] section 2.5).</summary>
internal readonly record struct VhdxGeometry(long LengthInBytes, int BlockSizeInBytes, int LogicalSectorSize)
{
    /// <summary>Payload blocks for each sector bitmap block.</summary>
    public long ChunkRatio => (long)VhdxFormat.SectorsPerBitmapBlock * LogicalSectorSize / BlockSizeInBytes;

    public long PayloadBlockCount => (LengthInBytes + BlockSizeInBytes - 1) / BlockSizeInBytes;

    public long BitmapBlockCount => (PayloadBlockCount + ChunkRatio - 1) / ChunkRatio;

    /// <summary>Entries that the BAT must have.</summary>
    public long CountEntries(bool hasParent) => hasParent
        ? BitmapBlockCount * (ChunkRatio + 1)
        : PayloadBlockCount + ((PayloadBlockCount - 1) / ChunkRatio);

    public long PayloadEntryIndex(long block) => block + (block / ChunkRatio);

    public long BitmapEntryIndex(long chunk) => (chunk * (ChunkRatio + 1)) + ChunkRatio;

    public bool IsBitmapEntry(long entryIndex) => entryIndex % (ChunkRatio + 1) == ChunkRatio;

    /// <summary>Bytes of the disk that a payload block holds: the whole block but for the last one.</summary>
    public long BytesInBlock(long block) => Math.Min(BlockSizeInBytes, LengthInBytes - (block * BlockSizeInBytes));

    /// <summary>The payload block whose entry is at an index that is not a bitmap's.</summary>
    public long BlockOfEntry(long entryIndex) => entryIndex - (entryIndex / (ChunkRatio + 1));
}
