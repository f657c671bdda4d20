using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Raw;

/// <summary>A disk that is the bytes of a file.</summary>
public sealed class RawDisk : VirtualDisk
{
    /// <summary>Makes a disk over a file; a length that is not a whole number of sectors is rounded up with zeros.</summary>
    public RawDisk(DiskFile file)
        : base(file, (file.Length + SectorSize - 1) / SectorSize * SectorSize)
    {
    }

    /// <inheritdoc/>
    public override VhdFormat Format => VhdFormat.Raw;

    /// <inheritdoc/>
    public override VhdType Type => VhdType.Fixed;

    private static int SectorSize => 512;

    /// <inheritdoc/>
    public override IEnumerable<DiskExtent> EnumerateExtents(long diskOffset, long length)
    {
        long inFile = Math.Clamp(File.Length - diskOffset, 0, length);
        if (inFile > 0)
        {
            yield return new DiskExtent(diskOffset, inFile, ExtentKind.File, File, diskOffset);
        }

        if (length > inFile)
        {
            yield return new DiskExtent(diskOffset + inFile, length - inFile, ExtentKind.Zero);
        }
    }
}
