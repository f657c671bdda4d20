using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzureVmRole.Disks.Tests.Vhd;

public sealed class VhdBlockTableTests : IDisposable
{
    private const int BlockSize = 4096;
    private const int Stored = BlockSize + 512;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToArray_FewEntries_BigEndianPaddedWithUnusedToASector()
    {
        var table = VhdBlockTable.CreateEmpty(3);
        table[1] = 0x01020304;

        byte[] bytes = table.ToArray(3);

        Assert.Equal(512, bytes.Length);
        Assert.Equal("FFFFFFFF01020304FFFFFFFFFFFFFFFF", Convert.ToHexString(bytes, 0, 16));
        Assert.DoesNotContain(bytes[12..], value => value != 0xFF);
    }

    [Fact]
    public void Grow_MoreEntries_OldOnesStayNewOnesUnused()
    {
        var table = VhdBlockTable.CreateEmpty(2);
        table[1] = 7;

        table.Grow(4);
        table.Grow(3);

        Assert.Equal([uint.MaxValue, 7u, uint.MaxValue, uint.MaxValue], table.Entries.ToArray());
    }

    [Fact]
    public void Read_IntactTable_EntriesAsInTheFile()
    {
        byte[] image = Image();

        VirtualDisk disk = Open(image);

        using (disk)
        {
            VhdBlockTable table = ((DynamicVhdDisk)disk).Table;
            Assert.Equal(8, table.Count);
            Assert.Equal([4u, uint.MaxValue, 13u, 22u], table.Entries[..4].ToArray());
        }
    }

    public static TheoryData<uint, string> WrongEntries => new()
    {
        { 0, "the copy of the footer" },
        { 1, "the dynamic disk header" },
        { 2, "the dynamic disk header" },
        { 3, "the block allocation table" },
        { 5, "overlaps the one of entry 0" },
        { 12, "overlaps the one of entry " },
        { 14, "overlaps the one of entry 2" },
        { 23, "the file's data at" },
        { 31, "the file's data at" },
        { 0x7FFFFFFF, "the file's data at" },
        { 0xFFFFFFFE, "the file's data at" },
    };

    [Theory]
    [MemberData(nameof(WrongEntries))]
    public void Read_OneWrongEntry_NamesEntryOffsetAndCollision(uint entry, string reason)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => Open(VhdBytes.SetEntry(Image(), 7, entry)).Dispose());

        Assert.Equal(ErrorCode.VhdBatInvalid, exception.Code);
        Assert.Equal("BAT entry 7", exception.Field);
        Assert.Equal(VhdImageBuilder.TableOffset + 28, exception.FileOffset);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.RecommendedAction);
    }

    [Fact]
    public void Read_TwoEntriesForOneBlock_Refused()
    {
        byte[] image = Image();

        DiskFormatException exception = Assert.Throws<DiskFormatException>(
            () => Open(VhdBytes.SetEntry(image, 5, VhdBytes.GetEntry(image, 2))).Dispose());

        Assert.Contains("entry 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyEntries_AcceptedExactlyWhenNoBlocksCollide() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        byte[] image = Image();
        long dataEnd = image.Length - 512;
        long[] starts = new long[8];
        for (int index = 0; index < starts.Length; index++)
        {
            uint entry = random.Next(3) == 0 ? uint.MaxValue : (uint)((random.Next(6) * 9) + 4 + (random.Next(8) == 0 ? 1 : 0));
            starts[index] = entry == uint.MaxValue ? -1 : entry * 512L;
            image = VhdBytes.SetEntry(image, index, entry);
        }

        long[] used = [.. starts.Where(start => start >= 0)];
        bool collides = used.Where((start, index) => used.Where((other, at) => at != index && Math.Abs(other - start) < Stored).Any()).Any();
        bool outside = used.Any(start => start + Stored > dataEnd);
        Exception? exception = Record.Exception(() => Open(image).Dispose());
        Assert.Equal(collides || outside, exception is DiskFormatException);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_HugeSparseFileSmallTable_MemoryOfTheTableOnly()
    {
        string path = _folder.File("disk.vhd");
        byte[] image = Image();
        File.WriteAllBytes(path, image);
        using (FileStream file = File.OpenWrite(path))
        {
            // What a hostile file looks like: terabytes of nothing between the blocks and the footer.
            file.SetLength(1L << 40);
            file.Position = (1L << 40) - 512;
            file.Write(image.AsSpan(^512));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        using (VirtualDisk disk = VirtualDiskFile.Open(path))
        {
            Assert.Equal(8 * BlockSize, disk.LengthInBytes);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        using (var file = DiskFile.OpenWrite(path))
        {
            file.Write(VhdImageBuilder.TableOffset + 28, VhdBytes.UInt32(5));
        }

        Assert.Equal(ErrorCode.VhdBatInvalid, Assert.Throws<DiskFormatException>(() => VirtualDiskFile.Open(path).Dispose()).Code);
    }

    [Fact]
    public void Read_JunkLocatorsInADiskWithoutParent_Ignored()
    {
        byte[] image = Image();
        byte[] junk = new byte[24];
        junk.AsSpan().Fill(0xEE);

        using VirtualDisk disk = Open(VhdBytes.SetHeader(image, 576, junk));

        Assert.Equal(VhdType.Dynamic, disk.Type);
    }

    /// <summary>Eight blocks of 4 KiB, of which 0, 2 and 3 are in the file, at sectors 4, 13 and 22; data ends at sector 31.</summary>
    private static byte[] Image()
    {
        byte[] sector = new byte[512];
        sector.AsSpan().Fill(0x5A);
        return new VhdImageBuilder(8 * BlockSize, VhdImageBuilder.Dynamic, BlockSize)
            .Write(0, sector).Write(2 * BlockSize, sector).Write(3 * BlockSize, sector).ToArray();
    }

    private VirtualDisk Open(byte[] image)
    {
        string path = _folder.File("disk.vhd");
        File.WriteAllBytes(path, image);
        return VirtualDiskFile.Open(path);
    }
}
