using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

public sealed class GptRelocationTests
{
    private const int OneMebibyte = PartitionImage.OneMebibyte;
    private const long Length = 32 * OneMebibyte;
    private const long OneSector = 512;

    [Theory(Timeout = 120_000)]
    [InlineData(Length + OneSector)]
    [InlineData(Length + (20 * OneSector))]
    [InlineData(Length + (33 * OneSector))]
    [InlineData(Length + OneMebibyte)]
    [InlineData(8 * Length)]
    [InlineData(Length - OneSector)]
    [InlineData(Length - (20 * OneSector))]
    [InlineData(Length - OneMebibyte)]
    [InlineData((25 * OneMebibyte) + (33 * OneSector))]
    public async Task Plan_Resize_SoundUnderEveryPrefix(long newLength)
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        SectorWrite[] writes = [.. GptRelocation.Plan(before, newLength)];
        image.SetLength(Math.Max(Length, newLength));

        for (int count = 0; count < writes.Length; count++)
        {
            AssertReadable(before, image.Read());
            image.Apply([writes[count]]);
        }

        AssertReadable(before, image.Read());
        image.SetLength(newLength);
        Assert.All(writes, write => Assert.True(write.End <= newLength));
        PartitionTable after = image.Read();
        Assert.Equal(before.Partitions, after.Partitions);
        Assert.Empty(after.Findings);
        Assert.Empty(GptRelocation.Plan(after, newLength));
        await image.VerifyWithSgdiskAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_GrowAndShrinkBack_IsTheFirstDiskAgain()
    {
        using PartitionImage image = await MakeAsync();
        byte[] first = image.ReadBytes(0, (int)Length);

        foreach (long length in new[] { Length + (7 * OneMebibyte), Length })
        {
            IReadOnlyList<SectorWrite> writes = GptRelocation.Plan(image.Read(), length);
            image.SetLength(Math.Max(image.Length, length));
            image.Apply(writes);
            image.SetLength(length);
        }

        // What was the backup in between is beyond the end; what is left of the first backup was written anew.
        Assert.Equal(first, image.ReadBytes(0, (int)Length));
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_Sectors4096_GrowsToSoundTable()
    {
        using var image = new PartitionImage(64 * OneMebibyte, 4096);
        await image.PartitionWithFdiskAsync("g\nn\n1\n256\n+16M\nw\n");
        PartitionTable before = image.Read();

        image.SetLength(65 * OneMebibyte);
        image.Apply(GptRelocation.Plan(before, 65 * OneMebibyte));

        PartitionTable after = image.Read();
        Assert.Empty(after.Findings);
        Assert.Equal(before.Partitions, after.Partitions);
        Assert.Equal((65L * OneMebibyte / 4096) - 6, after.Gpt?.Header?.LastUsableLba);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(512)]
    [InlineData(512 + 16)]
    [InlineData(1024)]
    [InlineData(Length - 512)]
    [InlineData(Length - (33 * 512))]
    public async Task Plan_RepairOneCopy_SoundUnderEveryPrefix(long damagedOffset)
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        image.Flip(damagedOffset);

        foreach (SectorWrite write in GptRelocation.Plan(image.Read(), Length))
        {
            image.Apply([write]);
            AssertReadable(before, image.Read());
        }

        Assert.Empty(image.Read().Findings);
        await image.VerifyWithSgdiskAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_RepairAfterForeignGrow_MovesBackupAndWipesOld()
    {
        using PartitionImage image = await MakeAsync();
        image.SetLength(Length + OneMebibyte);

        image.Apply(GptRelocation.Plan(image.Read(), Length + OneMebibyte));

        Assert.Empty(image.Read().Findings);
        Assert.Equal(new byte[512], image.ReadBytes(Length - 512, 512));
        await image.VerifyWithSgdiskAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_GrowWithPrimaryLost_RestoresBoth()
    {
        using PartitionImage image = await MakeAsync();
        PartitionTable before = image.Read();
        image.Write(512, new byte[512]);

        IReadOnlyList<SectorWrite> writes = GptRelocation.Plan(image.Read(), Length + OneMebibyte);
        image.SetLength(Length + OneMebibyte);
        foreach (SectorWrite write in writes)
        {
            AssertReadable(before, image.Read());
            image.Apply([write]);
        }

        Assert.Empty(image.Read().Findings);
        await image.VerifyWithSgdiskAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_ProtectiveEntryGone_WritesIt()
    {
        using PartitionImage image = await MakeAsync();
        image.Write(440, new byte[72]);

        image.Apply(GptRelocation.Plan(image.Read(), Length));

        Assert.Empty(image.Read().Findings);
        await image.VerifyWithSgdiskAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_HybridMbr_KeepsItsEntries()
    {
        using PartitionImage image = await MakeAsync();
        await image.PartitionWithSgdiskAsync("-h", "2");
        byte[] mbr = image.ReadBytes(0, 512);

        image.SetLength(2 * Length);
        image.Apply(GptRelocation.Plan(image.Read(), 2 * Length));

        Assert.Equal(mbr, image.ReadBytes(0, 512));
        Assert.Empty(image.Read().Findings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_ShrinkCutsPartition_NamesIt()
    {
        using PartitionImage image = await MakeAsync();

        DiskOperationException exception = Assert.Throws<DiskOperationException>(
            () => GptRelocation.Plan(image.Read(), (25 * OneMebibyte) + (32 * OneSector)));

        Assert.Equal(ErrorCode.ShrinkCutsPartition, exception.Code);
        Assert.Contains("partition 2 (Linux", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("partition 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_BothCopiesBad_Throws()
    {
        using PartitionImage image = await MakeAsync();
        image.Flip(512).Flip(Length - 512);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(
            () => GptRelocation.Plan(image.Read(), 2 * Length));

        Assert.Equal(ErrorCode.PartitionTableInvalid, exception.Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Plan_PartitionWhereBackupBelongs_Throws()
    {
        using PartitionImage image = await MakeAsync();
        GptSeal.Entry(image, 1, 18432, (Length / 512) - 2);
        image.Flip(Length - 512);

        DiskFormatException exception = Assert.Throws<DiskFormatException>(() => GptRelocation.Plan(image.Read(), Length));

        Assert.Equal(ErrorCode.PartitionTableInvalid, exception.Code);
    }

    private static Task<PartitionImage> MakeAsync() => PartitionImage.MakeGptAsync(
        Length, "-n", "1:2048:+8M", "-t", "1:ef00", "-n", "2:0:+16M", "-t", "2:8300");

    private static void AssertReadable(PartitionTable expected, PartitionTable actual)
    {
        Assert.Equal(PartitionStyle.Gpt, actual.Style);
        Assert.Equal(expected.Partitions, actual.Partitions);
        Assert.Equal(expected.Gpt?.Header?.DiskGuid, actual.Gpt?.Header?.DiskGuid);
    }
}
