using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks;

/// <summary>A run of a virtual disk that is stored in one way.</summary>
/// <param name="DiskOffset">Bytes from the start of the disk.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Kind">Where the bytes are.</param>
/// <param name="File">The file that holds them (the disk's or an ancestor's); null unless <see cref="ExtentKind.File"/>.</param>
/// <param name="FileOffset">Where they start in the file; 0 unless <see cref="ExtentKind.File"/>.</param>
public readonly record struct DiskExtent(
    long DiskOffset, long Length, ExtentKind Kind, DiskFile? File = null, long FileOffset = 0)
{
    /// <summary>The first byte of the disk after the extent.</summary>
    public long End => DiskOffset + Length;

    /// <summary>A part of the extent.</summary>
    /// <param name="diskOffset">Where the part starts on the disk, inside the extent.</param>
    /// <param name="length">Its length in bytes.</param>
    public DiskExtent Slice(long diskOffset, long length) => this with
    {
        DiskOffset = diskOffset,
        Length = length,
        FileOffset = Kind == ExtentKind.File ? FileOffset + (diskOffset - DiskOffset) : 0,
    };
}
