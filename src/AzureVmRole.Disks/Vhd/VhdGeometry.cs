namespace AzureVmRole.Disks.Vhd;

/// <summary>"Disk Geometry": cylinders, heads, sectors per track.</summary>
internal readonly record struct VhdGeometry(ushort Cylinders, byte Heads, byte SectorsPerTrack)
{
    /// <summary>The largest geometry; a larger disk has this one.</summary>
    public static VhdGeometry Largest { get; } = new(65535, 16, 255);

    /// <summary>What the geometry addresses, in bytes; never more than the disk.</summary>
    public long SizeInBytes => (long)Cylinders * Heads * SectorsPerTrack * VhdFormatConstants.SectorSize;

    /// <summary>The algorithm of the specification's appendix "CHS Calculation".</summary>
    public static VhdGeometry FromSize(long sizeInBytes)
    {
        long totalSectors = Math.Min(sizeInBytes / VhdFormatConstants.SectorSize, 65535L * 16 * 255);
        if (totalSectors >= 65535L * 16 * 63)
        {
            return new VhdGeometry((ushort)(totalSectors / 255 / 16), 16, 255);
        }

        long sectorsPerTrack = 17;
        long cylinderTimesHeads = totalSectors / sectorsPerTrack;
        long heads = Math.Max(4, (cylinderTimesHeads + 1023) / 1024);
        if (cylinderTimesHeads >= heads * 1024 || heads > 16)
        {
            sectorsPerTrack = 31;
            heads = 16;
            cylinderTimesHeads = totalSectors / sectorsPerTrack;
        }

        if (cylinderTimesHeads >= heads * 1024)
        {
            sectorsPerTrack = 63;
            heads = 16;
            cylinderTimesHeads = totalSectors / sectorsPerTrack;
        }

        return new VhdGeometry((ushort)(cylinderTimesHeads / heads), (byte)heads, (byte)sectorsPerTrack);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Cylinders}/{Heads}/{SectorsPerTrack}";
}
