using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class PartitionTableGptTests
{
    private const int OneMebibyte = PartitionImage.OneMebibyte;
    private const int HeaderOffset = 512;
    private const int EntriesOffset = 1024;

    [Fact(Timeout = 60_000)]
    public async Task Read_TableBySgdisk_ListsPartitions()
    {
        using PartitionImage image = await MakeAsync();

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Gpt, table.Style);
        Assert.Equal(DiskGeneration.Gen2, table.Generation);
        Assert.True(table.BootsInBothGenerations);
        Assert.Empty(table.Findings);
        Assert.Equal("EFI System, BIOS Boot, Linux", string.Join(", ", table.Partitions.Select(partition => partition.Type)));
        Assert.Equal([1, 3, 7], table.Partitions.Select(partition => partition.Number));
        Assert.Equal("root ß", table.Partitions[2].Name);
        Assert.Equal(new Guid("11111111-2222-3333-4444-555555555555"), table.Partitions[2].Identifier);
        Assert.True(table.Partitions[2].IsActive);
        Assert.Equal(OneMebibyte, table.Partitions[0].Offset);
        Assert.Equal(8 * OneMebibyte, table.Partitions[0].Size);
        Assert.True(table.Gpt?.IsBackupAtEnd);
        Assert.True(table.Gpt?.CopiesAgree);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("ef00", DiskGeneration.Gen2)]
    [InlineData("ef02", DiskGeneration.Gen1)]
    [InlineData("8300", DiskGeneration.Unknown)]
    public async Task Read_OneSystemPartition_TellsGeneration(string typeCode, DiskGeneration expected)
    {
        using var image = new PartitionImage(16 * OneMebibyte);
        await image.PartitionWithSgdiskAsync("-n", "1:2048:+4M", "-t", $"1:{typeCode}");

        PartitionTable table = image.Read();

        Assert.Equal(expected, table.Generation);
        Assert.False(table.BootsInBothGenerations);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_Sectors4096_ListsPartitions()
    {
        using var image = new PartitionImage(64 * OneMebibyte, 4096);
        await image.PartitionWithFdiskAsync("g\nn\n1\n256\n+16M\nt\n1\nn\n2\n\n+8M\nw\n");

        PartitionTable table = image.Read();

        Assert.Empty(table.Findings);
        Assert.Equal(DiskGeneration.Gen2, table.Generation);
        Assert.Equal([OneMebibyte, 17 * OneMebibyte], table.Partitions.Select(partition => partition.Offset));
        Assert.Equal([16 * OneMebibyte, 8 * OneMebibyte], table.Partitions.Select(partition => partition.Size));
        Assert.Equal((25 * OneMebibyte) + (5 * 4096), table.MinimumLengthInBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task MinimumLength_LastPartition_LeavesRoomForBackup()
    {
        using PartitionImage image = await MakeAsync();

        PartitionTable table = image.Read();

        Assert.Equal((25 * OneMebibyte) + (33 * 512), table.MinimumLengthInBytes);
        Assert.Equal(26 * OneMebibyte, table.MinimumLengthInWholeMebibytes);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(HeaderOffset)]
    [InlineData(HeaderOffset + 12)]
    [InlineData(HeaderOffset + 16)]
    [InlineData(HeaderOffset + 24)]
    [InlineData(HeaderOffset + 40)]
    [InlineData(HeaderOffset + 72)]
    [InlineData(HeaderOffset + 83)]
    [InlineData(HeaderOffset + 87)]
    [InlineData(EntriesOffset + 5)]
    public async Task Read_PrimaryDamaged_TakesBackup(int offset)
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        image.Flip(offset);

        PartitionTable table = image.Read();

        Assert.Equal(before.Partitions, table.Partitions);
        DiskFinding finding = Assert.Single(table.Findings);
        Assert.Equal("GptPrimaryInvalid", finding.RuleId);
        Assert.True(finding.CanRepair);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(512)]
    [InlineData(33 * 512)]
    public async Task Read_BackupDamaged_TakesPrimary(int offsetFromEnd)
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        image.Flip(image.Length - offsetFromEnd);

        PartitionTable table = image.Read();

        Assert.Equal(before.Partitions, table.Partitions);
        PartitionAssert.HasFindings("GptBackupInvalid", table);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_BothCopiesDamaged_TwoFindingsNoPartitions()
    {
        using PartitionImage image = await MakeAsync();
        image.Flip(HeaderOffset + 60).Flip(image.Length - 512);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Gpt, table.Style);
        Assert.Empty(table.Partitions);
        Assert.Null(table.MinimumLengthInBytes);
        PartitionAssert.HasFindings("GptPrimaryInvalid GptBackupInvalid", table);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_DiskGrown_BackupNotAtEnd()
    {
        using PartitionImage image = await MakeAsync();
        image.SetLength(image.Length + OneMebibyte);

        PartitionTable table = image.Read();

        PartitionAssert.HasFindings("GptBackupNotAtEnd", table);
        Assert.False(table.Gpt?.IsBackupAtEnd);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_DiskGrownAndPrimaryLost_FindsBackupByProtectiveEntry()
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        image.SetLength(image.Length + OneMebibyte);
        image.Write(HeaderOffset, new byte[512]);

        PartitionTable table = image.Read();

        Assert.Equal(before.Partitions, table.Partitions);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_DiskCut_PartitionBeyondEnd()
    {
        using PartitionImage image = await MakeAsync();
        image.SetLength(20 * OneMebibyte);

        PartitionTable table = image.Read();

        PartitionAssert.HasFindings("GptBackupInvalid PartitionBeyondEnd", table);
        Assert.Equal(3, table.Partitions.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_ProtectiveEntryGone_StillGptWithFinding()
    {
        using PartitionImage image = await MakeAsync();
        image.Write(446, new byte[66]);

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Gpt, table.Style);
        PartitionAssert.HasFindings("MbrInvalid", table);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_HybridMbr_IsGpt()
    {
        using PartitionImage image = await MakeAsync();
        await image.PartitionWithSgdiskAsync("-h", "7");

        PartitionTable table = image.Read();

        Assert.Equal(PartitionStyle.Gpt, table.Style);
        Assert.True(table.Mbr?.IsHybrid);
        Assert.Empty(table.Findings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_EntriesOverlap_Finding()
    {
        using PartitionImage image = await MakeAsync();
        GptSeal.Entry(image, 2, firstLba: 4096, lastLba: 8191);

        PartitionTable table = image.Read();

        PartitionAssert.HasFinding("GptEntriesOverlap", table);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(0, 10, "GptEntryInvalid")]
    [InlineData(5000, 4999, "GptEntryInvalid")]
    [InlineData(5000, long.MaxValue, "GptEntryInvalid")]
    [InlineData(-1, -1, "GptEntryInvalid")]
    [InlineData(10, 20, "GptEntriesOverlap")]
    [InlineData(60_000, 90_000, "PartitionBeyondEnd")]
    public async Task Read_EntryOutOfBounds_Finding(long firstLba, long lastLba, string ruleId)
    {
        using PartitionImage image = await MakeAsync();
        GptSeal.Entry(image, 2, firstLba, lastLba);

        PartitionTable table = image.Read();

        PartitionAssert.HasFinding(ruleId, table);
    }

    private static Task<PartitionImage> MakeAsync() => PartitionImage.MakeGptAsync(
        32 * OneMebibyte,
        "-n", "1:2048:+8M", "-t", "1:ef00",
        "-n", "3:0:+1M", "-t", "3:ef02",
        "-n", "7:0:+15M", "-t", "7:8300", "-c", "7:root ß", "-A", "7:set:2",
        "-u", "7:11111111-2222-3333-4444-555555555555");
}
