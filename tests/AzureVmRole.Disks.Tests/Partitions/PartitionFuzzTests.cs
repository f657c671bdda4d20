using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

/// <summary>Tables with random damage: reading them never fails, planning fails in the announced ways only.</summary>
public sealed class PartitionFuzzTests
{
    private const int CaseCount = 2_000;
    private const int OneMebibyte = PartitionImage.OneMebibyte;

    [Theory(Timeout = 120_000)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReadAndPlan_RandomDamage_FindingsOrAnnouncedErrors(bool isGpt)
    {
        using var image = new PartitionImage(4 * OneMebibyte);
        await (isGpt
            ? image.PartitionWithSgdiskAsync("-n", "1:64:+1M", "-n", "2:0:+1M")
            : image.PartitionWithSfdiskAsync("label: dos\nstart=64, size=1000\nstart=2048, size=4096, type=5\nstart=2112, size=999\n"));
        byte[] sound = image.ReadBytes(0, (int)image.Length);
        var random = new Random(20_240_229);
        for (int number = 0; number < CaseCount; number++)
        {
            long[] damaged = Damage(image, random, isGpt);
            TryPlan(image.Read(), random);
            foreach (long offset in damaged)
            {
                image.Write(offset, sound[offset]);
            }
        }
    }

    private static long[] Damage(PartitionImage image, Random random, bool isGpt)
    {
        long[] areas = isGpt ? [512, 1024, 446, image.Length - 512, image.Length - (33 * 512)] : [446, (2048 * 512) + 446];
        long[] offsets = new long[random.Next(1, 5)];
        for (int index = 0; index < offsets.Length; index++)
        {
            offsets[index] = areas[random.Next(areas.Length)] + random.Next(66);
            image.Write(offsets[index], (byte)random.Next(256));
        }

        // Half of the cases pass the checksum, so that what lies behind it is tried too.
        if (isGpt && random.Next(2) == 0)
        {
            GptSeal.HeaderField(image, 84, 128);
            return [.. offsets, .. Enumerable.Range(512, 92)];
        }

        return offsets;
    }

    private static void TryPlan(PartitionTable table, Random random)
    {
        long newLength = random.Next(1, 12_000) * 512L;
        try
        {
            foreach (SectorWrite write in GptRelocation.Plan(table, newLength))
            {
                Assert.InRange(write.DiskOffset, 0, newLength - write.Data.Length);
                Assert.DoesNotContain(
                    table.Partitions,
                    partition => write.DiskOffset < partition.Offset + partition.Size && write.End > partition.Offset);
            }
        }
        catch (AzureVmRoleException exception)
        {
            Assert.True(
                exception.Code is ErrorCode.PartitionTableInvalid or ErrorCode.ShrinkCutsPartition or ErrorCode.DiskSizeOutOfRange,
                exception.ToString());
        }
    }
}
