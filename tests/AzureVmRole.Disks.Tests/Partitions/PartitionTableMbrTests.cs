using System.Buffers.Binary;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class PartitionTableMbrTests
{
    private const int OneMebibyte = PartitionImage.OneMebibyte;
    private const int ExtendedLba = 20_480;

    // Two primaries, an extended partition, three logical ones in it.
    private const string Script = """
        label: dos
        label-id: 0x12345678
        start=2048, size=8192, type=7, bootable
        start=10240, size=8192, type=83
        start=20480, size=40960, type=5
        start=22528, size=4096, type=83
        start=28672, size=4096, type=82
        start=34816, size=4096, type=8e
        """;

    [Fact(Timeout = 60_000)]
    public async Task Read_TableBySfdisk_ListsPrimaryExtendedAndLogical()
    {
        using PartitionImage image = await MakeAsync();

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Mbr, table.Style);
        Assert.Equal(DiskGeneration.Gen1, table.Generation);
        Assert.Equal(0x12345678u, table.Mbr?.DiskSignature);
        Assert.Empty(table.Findings);
        Assert.Equal(
            "1 NTFS/exFAT 2048, 2 Linux 10240, 3 Extended 20480, 5 Linux 22528, 6 Linux Swap 28672, 7 Linux LVM 34816",
            string.Join(", ", table.Partitions.Select(partition => $"{partition.Number} {partition.Type} {partition.Offset / 512}")));
        Assert.True(table.Partitions[0].IsActive);
        Assert.Equal((ExtendedLba + 40_960) * 512L, table.MinimumLengthInBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_NoneActive_GenerationUnknown()
    {
        using var image = new PartitionImage(16 * OneMebibyte);
        await image.PartitionWithSfdiskAsync("label: dos\nstart=2048, size=8192, type=83\n");

        Assert.Equal(DiskGeneration.Unknown, image.Read().Generation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_Sectors4096_CountsInThem()
    {
        using var image = new PartitionImage(64 * OneMebibyte, 4096);
        await image.PartitionWithFdiskAsync("o\nn\np\n1\n256\n+16M\na\nw\n");

        PartitionTable table = image.Read();

        DiskPartition partition = Assert.Single(table.Partitions);
        Assert.Equal(OneMebibyte, partition.Offset);
        Assert.Equal(16 * OneMebibyte, partition.Size);
        Assert.Equal(DiskGeneration.Gen1, table.Generation);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_EbrLoop_FindingAndEnd()
    {
        using PartitionImage image = await MakeAsync();
        SetLink(image, SecondEbr(image), 0);

        PartitionTable table = image.Read();

        PartitionAssert.HasFindings("MbrInvalid", table);
        Assert.Contains("comes back to sector 20480", table.Findings[0].Found, StringComparison.Ordinal);
        Assert.Equal(5, table.Partitions.Count);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(40_960)]
    [InlineData(uint.MaxValue)]
    public async Task Read_EbrLinkOutside_FindingAndEnd(uint relativeLba)
    {
        using PartitionImage image = await MakeAsync();
        SetLink(image, ExtendedLba, relativeLba);

        PartitionTable table = image.Read();

        PartitionAssert.HasFindings("MbrInvalid", table);
        Assert.Equal(4, table.Partitions.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_EbrWithoutSignature_FindingAndEnd()
    {
        using PartitionImage image = await MakeAsync();
        image.Flip((ExtendedLba * 512) + 511);

        PartitionAssert.HasFindings("MbrInvalid", image.Read());
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_EndlessChain_IsBounded()
    {
        using PartitionImage image = await MakeAsync();
        for (uint link = 0; link < 600; link++)
        {
            byte[] sector = new byte[512];
            sector[446 + 16 + 4] = 5;
            BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(446 + 16 + 8), link + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(446 + 16 + 12), 1);
            sector[510] = 0x55;
            sector[511] = 0xAA;
            image.Write((ExtendedLba + link) * 512, sector);
        }

        PartitionAssert.HasFindings("MbrInvalid", image.Read());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 0x13, "MbrInvalid")]
    [InlineData(16, 0x01, "MbrInvalid")]
    [InlineData(15, 0x40, "PartitionBeyondEnd")]
    [InlineData(13, 0x60, "MbrInvalid")]
    public async Task Read_EntryDamaged_Finding(int offsetInEntries, byte value, string ruleId)
    {
        using PartitionImage image = await MakeAsync();
        image.Write(446 + offsetInEntries, value);

        PartitionAssert.HasFinding(ruleId, image.Read());
    }

    [Fact]
    public void Read_NoPlausibleEntry_RawWithFinding()
    {
        using var image = new PartitionImage(OneMebibyte);
        image.Write(446, Enumerable.Repeat((byte)0x61, 64).ToArray());
        image.Write(510, 0x55, 0xAA);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Raw, table.Style);
        PartitionAssert.HasFindings("MbrInvalid", table);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("mkfs.vfat", "-F 32")]
    [InlineData("mkfs.vfat", "-F 16")]
    [InlineData("mkfs.vfat", "-F 16 --mbr=yes")]
    [InlineData("mkntfs", "-F -f -q")]
    [InlineData("mkfs.ext4", "-q -F")]
    public async Task Read_FileSystemOnWholeDisk_IsNoTable(string program, string options)
    {
        if (!ExternalProgram.IsInstalled(program))
        {
            Assert.Skip($"{program} is not installed (apt: dosfstools, ntfs-3g, e2fsprogs).");
        }

        using var image = new PartitionImage(64 * OneMebibyte);
        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, program, [.. options.Split(' '), image.Path]);
        Assert.True(result.ExitCode == 0, result.Everything);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Raw, table.Style);
        Assert.Empty(table.Findings);
        Assert.Empty(table.Partitions);
    }

    [Fact]
    public void Read_WindowsNtfsBootSector_IsNoTable()
    {
        using var image = new PartitionImage(OneMebibyte);
        byte[] sector = new byte[512];
        Convert.FromHexString("EB52904E54465320202020000208").CopyTo(sector, 0);
        "\r\nA disk read error occurred\0\r\nBOOTMGR is compressed\0\r\nPress Ctrl+Alt+Del to restart\r\n"u8
            .CopyTo(sector.AsSpan(0x18D));
        sector[510] = 0x55;
        sector[511] = 0xAA;
        image.Write(0, sector);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Raw, table.Style);
        Assert.Empty(table.Findings);
    }

    [Fact]
    public void Read_EmptyDisk_IsRaw()
    {
        using var image = new PartitionImage(OneMebibyte);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Raw, table.Style);
        Assert.Null(table.MinimumLengthInBytes);
        Assert.Empty(GptRelocation.Plan(table, 512));
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_ShrinkCutsLogical_NamesAllThatAreCut()
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable table = image.Read();

        DiskOperationException exception = Assert.Throws<DiskOperationException>(
            () => GptRelocation.Plan(table, 36_000 * 512));

        Assert.Equal(ErrorCode.ShrinkCutsPartition, exception.Code);
        Assert.Contains("partition 3 (Extended", exception.Message, StringComparison.Ordinal);
        Assert.Contains("partition 7 (Linux LVM", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partition 6", exception.Message, StringComparison.Ordinal);
        Assert.Empty(GptRelocation.Plan(table, table.MinimumLengthInBytes ?? 0));
        Assert.Empty(GptRelocation.Plan(table, 64 * OneMebibyte));
    }

    private static async Task<PartitionImage> MakeAsync()
    {
        var image = new PartitionImage(32 * OneMebibyte);
        return await image.PartitionWithSfdiskAsync(Script);
    }

    private static long SecondEbr(PartitionImage image) =>
        ExtendedLba + (long)BinaryPrimitives.ReadUInt32LittleEndian(image.ReadBytes((ExtendedLba * 512) + 446 + 16 + 8, 4));

    private static void SetLink(PartitionImage image, long ebrLba, uint relativeLba)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, relativeLba);
        image.Write((ebrLba * 512) + 446 + 16 + 8, bytes);
    }
}
