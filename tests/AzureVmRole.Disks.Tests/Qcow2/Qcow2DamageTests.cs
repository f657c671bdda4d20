using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

/// <summary>Files with one thing wrong: each is refused by the name and the place of what is wrong, or read right.</summary>
public sealed class Qcow2DamageTests
{
    private const ulong CopiedFlag = 1UL << 63;

    [Theory(Timeout = 60_000)]
    [InlineData(8, 0x40, "backing_file_size")] // backing_file_offset, far outside
    [InlineData(15, 0x08, "backing_file_size")]
    [InlineData(23, 8, "cluster_bits")]
    [InlineData(23, 22, "cluster_bits")]
    [InlineData(20, 0xFF, "cluster_bits")]
    [InlineData(24, 0x7F, "size")]
    [InlineData(24, 0xFF, "size")]
    [InlineData(39, 0, "size")] // l1_size
    [InlineData(36, 0x7F, "l1_size")]
    [InlineData(40, 0x80, "the L1 table")]
    [InlineData(47, 0x08, "l1_table_offset")]
    [InlineData(45, 0x00, "l1_table_offset")]
    [InlineData(103, 96, "header_length")]
    [InlineData(103, 113, "header_length")]
    [InlineData(101, 0x7F, "header_length")]
    public async Task Open_HeaderFieldWrong_NamesIt(int offset, byte value, string field)
    {
        using var images = new Qcow2Images();
        string path = await MakeAsync(images);
        Qcow2Bytes.Write(path, offset, value);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => ReadAll(path));

        Assert.Equal(field, exception.Field);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(48, "Qcow2Refcounts")]
    [InlineData(55, "Qcow2Refcounts")]
    [InlineData(99, "Qcow2Refcounts")]
    [InlineData(63, "Qcow2Snapshots")]
    public async Task Open_FieldWrongThatReadingDoesNotNeed_ReadsRightWithFinding(int offset, string ruleId)
    {
        using var images = new Qcow2Images();
        string path = await MakeAsync(images);
        Qcow2Bytes.Write(path, offset, offset == 48 ? (byte)0 : (byte)9);
        if (offset == 48)
        {
            Qcow2Bytes.WriteUInt64(path, offset, 0);
        }

        using VirtualDisk disk = VirtualDiskFile.Open(path);

        Assert.Equal(ruleId, Assert.Single(disk.Findings).RuleId);
        DiskAssert.ReadsAs(Qcow2Images.MakeContent(), disk);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(CopiedFlag | 0x10200, "not at a multiple")]
    [InlineData(CopiedFlag | 0x7FFFFFFF0000, "after the end of the file")]
    [InlineData(CopiedFlag | 0x0, "no L2 table is at offset 0")]
    [InlineData(CopiedFlag | 0x30000, "another use")]
    [InlineData(CopiedFlag | 0x40001, "reserved bits")]
    [InlineData(0x0100000000040000, "reserved bits")]
    public async Task Read_L1EntryWrong_NamesIt(ulong entry, string reason)
    {
        using var images = new Qcow2Images();
        string path = await MakeAsync(images);
        long l1 = (long)Qcow2Bytes.ReadUInt64(path, 40);
        Assert.Equal(0x30000, l1);
        Qcow2Bytes.WriteUInt64(path, l1, entry);

        AssertTableWrong(path, "L1 entry 0", l1, reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_TwoL1EntriesForOneTable_NamesTheSecond()
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=4k");
        long l1 = (long)Qcow2Bytes.ReadUInt64(path, 40);
        Qcow2Bytes.WriteUInt64(path, l1 + 8, Qcow2Bytes.ReadUInt64(path, l1));

        AssertTableWrong(path, "L1 entry 1", l1 + 8, "another use");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(CopiedFlag | 0x50200, "not at a multiple")]
    [InlineData(CopiedFlag | 0x7FFFFFFF0000, "after the end of the file")]
    [InlineData(CopiedFlag, "no data cluster is at offset 0")]
    [InlineData(CopiedFlag | 0x30000, "another use")]
    [InlineData(CopiedFlag | 0x50002, "reserved bits")]
    [InlineData(0x0100000000050000, "reserved bits")]
    [InlineData(0x4000000000000010, "no compressed data are in the header")]
    [InlineData(0x4000007FFFFF0000, "after the end of the file")]
    public async Task Read_L2EntryWrong_NamesIt(ulong entry, string reason)
    {
        using var images = new Qcow2Images();
        string path = await MakeAsync(images);
        long l2 = Qcow2Bytes.FirstTable(path);
        Qcow2Bytes.WriteUInt64(path, l2 + 8, entry);

        AssertTableWrong(path, "L2 entry for disk offset 0x10000", l2 + 8, reason);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_TwoL2EntriesForOneCluster_NamesTheSecond()
    {
        using var images = new Qcow2Images();
        string path = await MakeAsync(images);
        long l2 = Qcow2Bytes.FirstTable(path);
        Qcow2Bytes.WriteUInt64(path, l2 + 16, Qcow2Bytes.ReadUInt64(path, l2 + 8));

        AssertTableWrong(path, "L2 entry for disk offset 0x20000", l2 + 16, "another use");
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_ZeroFlagInVersion2_IsWrong()
    {
        using var images = new Qcow2Images();
        string path = await images.ConvertAsync("disk.qcow2", Qcow2Images.MakeContent(), "compat=0.10");
        long l2 = Qcow2Bytes.FirstTable(path);
        Qcow2Bytes.WriteUInt64(path, l2 + 8, 1);

        AssertTableWrong(path, "L2 entry for disk offset 0x10000", l2 + 8, "no zero flag");
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_SubclusterAllocatedAndZero_IsWrong()
    {
        using var images = new Qcow2Images();
        string path = await images.ConvertAsync("disk.qcow2", Qcow2Images.MakeContent(), "extended_l2=on,cluster_size=64k");
        long l2 = Qcow2Bytes.FirstTable(path);
        Qcow2Bytes.WriteUInt64(path, l2 + 24, 0x0000_0001_0000_0001);

        AssertTableWrong(path, "L2 entry for disk offset 0x10000", l2 + 16, "both allocated and zero");
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 0xFF)]
    [InlineData(1, 0x00)]
    public async Task Read_CompressedClusterDamaged_NamesIt(int offsetInCluster, byte value)
    {
        using var images = new Qcow2Images();
        string path = await images.ConvertAsync("disk.qcow2", Qcow2Images.MakeContent(), "cluster_size=64k", compress: true);
        long data = (long)(Qcow2Bytes.ReadUInt64(path, Qcow2Bytes.FirstTable(path) + 8) & 0x003F_FFFF_FFFF_FFFF);
        Qcow2Bytes.Write(path, data + offsetInCluster, value, value, value, value, value, value);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => ReadAll(path));

        Assert.Equal(ErrorCode.Qcow2ClusterInvalid, exception.Code);
        Assert.Equal(data, exception.FileOffset);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_Truncated_ErrorOrRightContent(bool compress)
    {
        using var images = new Qcow2Images();
        ReferenceDisk content = Qcow2Images.MakeContent();
        string path = await images.ConvertAsync("disk.qcow2", content, "cluster_size=64k", compress);
        long length = new FileInfo(path).Length;
        for (long cut = length - 1; cut > 3; cut = cut > 2048 ? cut - (length / 97) : cut / 2)
        {
            await using (FileStream file = File.OpenWrite(path))
            {
                file.SetLength(cut);
            }

            Exception? exception = Record.Exception(() => ReadAll(path, content));
            Assert.True(exception is DiskFormatException or null, exception?.ToString());
        }
    }

    private static Task<string> MakeAsync(Qcow2Images images) =>
        images.ConvertAsync("disk.qcow2", Qcow2Images.MakeContent(), "cluster_size=64k");

    private static void AssertTableWrong(string path, string field, long fileOffset, string reason)
    {
        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => ReadAll(path));
        Assert.Equal(ErrorCode.Qcow2TableInvalid, exception.Code);
        Assert.Equal(field, exception.Field);
        Assert.Equal(fileOffset, exception.FileOffset);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    private static void ReadAll(string path, ReferenceDisk? expected = null)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        byte[] content = new byte[disk.LengthInBytes];
        disk.Read(0, content);
        Assert.True(expected is null || expected.Content.AsSpan().SequenceEqual(content), "Wrong content.");
    }
}
