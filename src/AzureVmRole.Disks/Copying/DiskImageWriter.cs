using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Copying;

/// <summary>
/// Writes a new disk image of one format into an empty file. Several threads may write at once as long as no two of them
/// write to the same unit (<see cref="UnitSizeInBytes"/>); what is never written reads as zeros.
/// </summary>
public abstract class DiskImageWriter
{
    /// <summary>The virtual size in bytes.</summary>
    public abstract long LengthInBytes { get; }

    /// <summary>What one thread at a time may write to, in bytes (a power of two): the block of formats that allocate blocks.</summary>
    public abstract int UnitSizeInBytes { get; }

    /// <summary>The most that the finished file occupies when <paramref name="dataInBytes"/> of the disk hold data.</summary>
    public abstract long EstimateFileLength(long dataInBytes);

    /// <summary>
    /// Where in the file a byte of the disk has its fixed place; null when the place is only found by writing. Where it is
    /// known, the copy may be left to the file system.
    /// </summary>
    public virtual FilePlace? GetFixedPlace(long diskOffset) => null;

    /// <summary>Writes data; the range lies inside one unit.</summary>
    /// <param name="diskOffset">Bytes from the start of the disk, a multiple of 512.</param>
    /// <param name="data">A multiple of 512 bytes, except at the end of the disk.</param>
    public abstract void Write(long diskOffset, ReadOnlySpan<byte> data);

    /// <summary>Writes the tables and headers that make the file a disk. Called once, after every write.</summary>
    public abstract void Complete();
}
