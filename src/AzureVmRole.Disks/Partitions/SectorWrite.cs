namespace AzureVmRole.Disks.Partitions;

/// <summary>Whole sectors to be written to a disk.</summary>
/// <param name="DiskOffset">Bytes from the start of the disk.</param>
/// <param name="Data">The bytes.</param>
/// <param name="Purpose">What is written, for people.</param>
public readonly record struct SectorWrite(long DiskOffset, ReadOnlyMemory<byte> Data, string Purpose)
{
    /// <summary>The first byte of the disk after the write.</summary>
    public long End => DiskOffset + Data.Length;
}
