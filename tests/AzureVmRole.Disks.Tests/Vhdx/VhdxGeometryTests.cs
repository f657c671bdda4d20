using AzureVmRole.Disks.Vhdx;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxGeometryTests
{
    private const int MiB = 1 << 20;

    [Theory]
    [InlineData(1, 512, 4096)]
    [InlineData(32, 512, 128)]
    [InlineData(256, 512, 16)]
    [InlineData(1, 4096, 32768)]
    [InlineData(256, 4096, 128)]
    public void ChunkRatio_AsSpecified(int blockSizeInMiB, int sectorSize, long expected) =>
        Assert.Equal(expected, new VhdxGeometry(1L << 40, blockSizeInMiB * MiB, sectorSize).ChunkRatio);

    [Theory]
    [InlineData(1, 1, 17)]
    [InlineData(16, 16, 17)]
    [InlineData(17, 18, 34)]
    [InlineData(33, 35, 51)]
    public void CountEntries_LastChunkPartial_AsSpecified(int blocks, long dynamicCount, long differencingCount)
    {
        var geometry = new VhdxGeometry(blocks * 256L * MiB, 256 * MiB, 512);

        Assert.Equal(dynamicCount, geometry.CountEntries(hasParent: false));
        Assert.Equal(differencingCount, geometry.CountEntries(hasParent: true));
    }

    [Fact]
    public void EntryIndexes_EveryEntry_IsOneBlockOrBitmap()
    {
        var geometry = new VhdxGeometry(50 * 256L * MiB, 256 * MiB, 512);
        var seen = new HashSet<long>();
        for (long block = 0; block < geometry.PayloadBlockCount; block++)
        {
            long index = geometry.PayloadEntryIndex(block);
            Assert.True(seen.Add(index));
            Assert.False(geometry.IsBitmapEntry(index));
            Assert.Equal(block, geometry.BlockOfEntry(index));
        }

        for (long chunk = 0; chunk < geometry.BitmapBlockCount; chunk++)
        {
            Assert.True(seen.Add(geometry.BitmapEntryIndex(chunk)));
            Assert.True(geometry.IsBitmapEntry(geometry.BitmapEntryIndex(chunk)));
        }
    }

    [Fact]
    public void BytesInBlock_LastBlock_EndsWithDisk()
    {
        var geometry = new VhdxGeometry((3 * MiB) + 512, MiB, 512);

        Assert.Equal(MiB, geometry.BytesInBlock(2));
        Assert.Equal(512, geometry.BytesInBlock(3));
    }
}
