using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhdx;

public sealed class VhdxBlockTableTests : IDisposable
{
    private const int MiB = VhdxImageBuilder.MiB;
    private const ulong Present = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_StateWithoutData_Zeros(int state)
    {
        // Such entries may still carry the offset that the block once had, even another block's.
        VhdxImageBuilder image = Make().SetPayload(3, (4UL << 20) | (uint)state);

        byte[] content = Read(image);

        Assert.Equal(-1, content.AsSpan(3 * MiB, MiB).IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(4UL << 20 | 4)] // reserved states
    [InlineData(4UL << 20 | 5)]
    [InlineData(4UL << 20 | 7)] // partially present without a parent
    [InlineData(4UL << 20 | 8 | Present)] // reserved bits
    [InlineData(4UL << 20 | 1 << 19 | Present)]
    [InlineData(Present)] // the header section
    [InlineData(1UL << 20 | Present)] // the log
    [InlineData(2UL << 20 | Present)] // the BAT
    [InlineData(3UL << 20 | Present)] // the metadata
    [InlineData(6UL << 20 | Present)] // the end of the file
    [InlineData(0xFFFFFFFFFFF00000 | Present)]
    [InlineData(0x7FFFFFFFFFF00000 | Present)]
    [InlineData(0x0000FFFFFFF00000 | Present)]
    public void Read_EntryWrong_RefusedByOffset(ulong entry)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => Read(Make().SetPayload(3, entry)));

        Assert.Equal(ErrorCode.VhdxBatInvalid, exception.Code);
        Assert.Equal("BAT entry of payload block 3", exception.Field);
        Assert.Equal(VhdxImageBuilder.BatOffset + (3 * 8), exception.FileOffset);
    }

    [Fact]
    public void Read_TwoBlocksInOnePlace_RefusedByBothEntries()
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(
            () => Read(Make().SetPayload(3, (4UL << 20) | Present)));

        Assert.Equal(ErrorCode.VhdxBatInvalid, exception.Code);
        Assert.Equal("BAT entry of payload block 3", exception.Field);
        Assert.Contains("payload block 0 (entry at offset 0x200000)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BlockStartsInsideAnother_Refused()
    {
        VhdxImageBuilder image = new VhdxImageBuilder(16 * MiB, blockSize: 4 * MiB)
            .AddBlock(0, new byte[MiB]).AddBlock(1, new byte[MiB]).AddBlock(2, new byte[MiB])
            .SetPayload(1, (7UL << 20) | Present);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => Read(image));

        Assert.Equal(ErrorCode.VhdxBatInvalid, exception.Code);
        Assert.Contains("payload block 0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OverlapByPieces_RefusedEvenThenAndFromThenOn()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(
            Make().SetPayload(3, (4UL << 20) | Present).Save(_folder.File("disk.vhdx")));
        byte[] buffer = new byte[512];
        disk.Read(3 * MiB, buffer);

        Assert.Throws<DiskFormatException>(() => disk.Read(0, buffer));
        Assert.Throws<DiskFormatException>(() => disk.Read(3 * MiB, buffer));
    }

    [Fact]
    public void Read_SameBlockAgain_NoOverlapWithItself()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(Make().Save(_folder.File("disk.vhdx")));
        byte[] first = VhdxTestDisk.ReadAll(disk);

        Assert.Equal(first, VhdxTestDisk.ReadAll(disk));
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_ManyThreads_NoFalseOverlap()
    {
        using VirtualDisk disk = VirtualDiskFile.Open(Make().Save(_folder.File("disk.vhdx")));
        byte[] expected = Read(Make(), "other.vhdx");

        await Parallel.ForAsync(0, 64, TestContext.Current.CancellationToken, (_, _) =>
        {
            Assert.True(expected.AsSpan().SequenceEqual(VhdxTestDisk.ReadAll(disk)));
            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [InlineData(0UL)] // not present although a block is partial
    [InlineData(3UL)]
    [InlineData(4UL << 20 | Present)] // the payload block's place
    [InlineData(2UL << 20 | Present)] // the BAT
    [InlineData(90UL << 20 | Present)]
    public void Read_BitmapEntryWrong_Refused(ulong entry)
    {
        new VhdxImageBuilder(4 * MiB).Save(_folder.File("base.vhdx"));
        VhdxImageBuilder image = new VhdxImageBuilder(
                4 * MiB, fileFlags: 2,
                parentLocator: VhdxParentLocatorBuilder.ForParent(VhdxImageBuilder.DataWriteGuid, "base.vhdx"))
            .AddBlock(0, new byte[MiB], state: 7)
            .SetEntry(4096, entry);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => Read(image));

        Assert.Equal(ErrorCode.VhdxBatInvalid, exception.Code);
        Assert.Equal("BAT entry of sector bitmap block 0", exception.Field);
        Assert.Equal(VhdxImageBuilder.BatOffset + (4096 * 8), exception.FileOffset);
    }

    [Fact]
    public void Read_BitmapEntryRubbishWithoutParent_Ignored()
    {
        // QEMU up to 8.0 left such entries behind when it updated the BAT through the log.
        VhdxImageBuilder image = new VhdxImageBuilder(4100L * MiB).AddBlock(4097, [1, 2, 3]).SetEntry(4096, ulong.MaxValue);
        using VirtualDisk disk = VirtualDiskFile.Open(image.Save(_folder.File("disk.vhdx")));
        byte[] buffer = new byte[4];

        disk.Read(4097L * MiB, buffer);

        Assert.Equal([1, 2, 3, 0], buffer);
    }

    [Fact]
    public void Read_LastBlockCutAtDiskEnd_IsEnough()
    {
        VhdxImageBuilder image = new VhdxImageBuilder((2 * MiB) + 512, blockSize: 2 * MiB).AddBlock(0, [1]).AddBlock(1, [2, 3]);
        string path = image.Save(_folder.File("disk.vhdx"));
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(VhdxImageBuilder.BlocksOffset + (2 * MiB) + 512);
        }

        byte[] content = VhdxTestDisk.ReadAll(path);

        Assert.Equal([2, 3, 0], content[(2 * MiB)..((2 * MiB) + 3)]);
    }

    private static VhdxImageBuilder Make()
    {
        byte[] block = new byte[MiB];
        Array.Fill<byte>(block, 0x77);
        return new VhdxImageBuilder(4 * MiB).AddBlock(0, block).AddBlock(2, block);
    }

    private byte[] Read(VhdxImageBuilder image, string name = "disk.vhdx") =>
        VhdxTestDisk.ReadAll(image.Save(_folder.File(name)));
}
