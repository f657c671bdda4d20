using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

internal static class DiskAssert
{
    /// <summary>
    /// Asserts that a disk reads as the model: whole, through its data extents alone, and in odd pieces; and that its
    /// extents cover it without gaps.
    /// </summary>
    public static void ReadsAs(ReferenceDisk expected, VirtualDisk disk)
    {
        Assert.Equal(expected.Content.Length, disk.LengthInBytes);
        byte[] whole = new byte[disk.LengthInBytes];
        disk.Read(0, whole);
        AssertSame(expected.Content, whole, "whole");

        byte[] byExtents = new byte[disk.LengthInBytes];
        foreach (DiskExtent extent in disk.EnumerateDataExtents(0, disk.LengthInBytes))
        {
            disk.ReadExtent(extent, byExtents.AsSpan((int)extent.DiskOffset, (int)extent.Length));
        }

        AssertSame(expected.Content, byExtents, "by data extents");

        byte[] pieces = new byte[disk.LengthInBytes];
        const int PieceLength = 77_312;
        for (int offset = 0; offset < pieces.Length; offset += PieceLength)
        {
            disk.Read(offset, pieces.AsSpan(offset, Math.Min(PieceLength, pieces.Length - offset)));
        }

        AssertSame(expected.Content, pieces, "in pieces");
        CoversWithoutGaps(disk, 0, disk.LengthInBytes);
        CoversWithoutGaps(disk, 1_049_600, 1_000_448);
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

    private static void AssertSame(byte[] expected, byte[] actual, string how)
    {
        int same = expected.AsSpan().CommonPrefixLength(actual);
        Assert.True(same == expected.Length, $"Read {how}, the disk differs from byte {same} on.");
    }
}
