using Xunit;

namespace AzureVmRole.Disks.Tests;

/// <summary>Reads whole disks and compares them with their models.</summary>
internal static class DiskContent
{
    /// <summary>The content as <see cref="VirtualDisk.Read"/> gives it, in one piece.</summary>
    public static byte[] Read(VirtualDisk disk)
    {
        byte[] content = new byte[disk.LengthInBytes];
        disk.Read(0, content);
        return content;
    }

    public static byte[] Read(string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        return Read(disk);
    }

    /// <summary>Asserts that a disk is the model: read whole, by its data extents alone, in odd pieces.</summary>
    public static void Equal(byte[] expected, VirtualDisk disk)
    {
        Same(expected, Read(disk), "whole");
        byte[] byExtents = new byte[disk.LengthInBytes];
        foreach (DiskExtent extent in disk.EnumerateDataExtents(0, disk.LengthInBytes))
        {
            disk.ReadExtent(extent, byExtents.AsSpan((int)extent.DiskOffset, (int)extent.Length));
        }

        Same(expected, byExtents, "by data extents");
        byte[] pieces = new byte[disk.LengthInBytes];
        const int PieceLength = 77_312;
        for (int offset = 0; offset < pieces.Length; offset += PieceLength)
        {
            disk.Read(offset, pieces.AsSpan(offset, Math.Min(PieceLength, pieces.Length - offset)));
        }

        Same(expected, pieces, "in pieces");
        CoversWithoutGaps(disk, 0, disk.LengthInBytes);
        CoversWithoutGaps(disk, disk.LengthInBytes / 3, disk.LengthInBytes / 2);
    }

    public static void Equal(byte[] expected, string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        Equal(expected, disk);
    }

    public static void Same(byte[] expected, byte[] actual, string how)
    {
        Assert.Equal(expected.Length, actual.Length);
        int same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(same == expected.Length, $"Read {how}, the disk differs from byte {same} on.");
    }

    private static void CoversWithoutGaps(VirtualDisk disk, long offset, long length)
    {
        long end = offset;
        foreach (DiskExtent extent in disk.EnumerateExtents(offset, length))
        {
            Assert.Equal(end, extent.DiskOffset);
            Assert.True(extent.Length > 0);
            Assert.Equal(extent.Kind == ExtentKind.File, extent.File is not null);
            end = extent.End;
        }

        Assert.Equal(offset + length, end);
    }
}
