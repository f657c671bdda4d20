using System.Buffers.Binary;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.Disks.Tests.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>Raw disks with damaged partition tables: always read, with the content that they have.</summary>
public sealed class PartitionTableFuzzTests
{
    private const int Length = 4 << 20;
    private const int EntriesLength = 128 * 128;

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Gpt_Damaged_DiskIsRead()
    {
        using var image = new PartitionImage(Length);
        await image.PartitionWithSgdiskAsync("-n", "1:64:+1M", "-n", "2:0:+1M");
        await RunAsync(image, SealGpt, (446, 66), (512, 92), (1024, 256), (Length - 512, 92), (Length - (33 * 512), 256));
    }

    [Fact(Timeout = FuzzCases.Timeout)]
    public async Task Mbr_Damaged_DiskIsRead()
    {
        using var image = new PartitionImage(Length);
        await image.PartitionWithSfdiskAsync(
            "label: dos\nstart=64, size=1000\nstart=2048, size=4096, type=5\nstart=2112, size=999\nstart=3200, size=500\n");
        await RunAsync(image, null, (446, 66), ((2048 * 512) + 446, 66), ((3111 * 512) + 446, 66), ((3136 * 512) + 446, 66));
    }

    private static Task RunAsync(PartitionImage image, Action<FuzzFile>? mend, params (int Offset, int Length)[] structures)
    {
        var file = new FuzzFile(image.Path, structures) { Mend = mend };
        byte[] sound = file.Sound.ToArray();

        // A raw disk is its file: whatever its tables say, it shows its bytes.
        return FuzzCases.RunAsync(
            new FuzzSeed([file], sound) { Oracle = disk => ReadFile(disk.Path) }, isRefusedEver: false);
    }

    private static byte[] ReadFile(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Array.Resize(ref bytes, (bytes.Length + 511) / 512 * 512);
        return bytes;
    }

    private static void SealGpt(FuzzFile file)
    {
        SealGpt(file, 512, 1024);
        SealGpt(file, Length - 512, Length - (33 * 512));
    }

    private static void SealGpt(FuzzFile file, int header, int entries)
    {
        byte[] value = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, Crc32.Compute(file.Bytes.AsSpan(entries, EntriesLength)));
        file.Set(header + 88, value);
        file.Set(header + 16, new byte[4]);
        BinaryPrimitives.WriteUInt32LittleEndian(value, Crc32.Compute(file.Bytes.AsSpan(header, 92)));
        file.Set(header + 16, value);
    }
}
