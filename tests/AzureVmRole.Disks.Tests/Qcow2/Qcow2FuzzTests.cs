using System.Diagnostics;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

/// <summary>Images with random damage: refused in the announced ways, or read to the end; within a bounded time.</summary>
public sealed class Qcow2FuzzTests
{
    private const int CaseCount = 700;
    private const int DiskLength = 4 << 20;
    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(10);

    [Theory(Timeout = 180_000)]
    [InlineData("cluster_size=4k", false)]
    [InlineData("cluster_size=4k", true)]
    [InlineData("extended_l2=on,cluster_size=16k", false)]
    public async Task Open_RandomDamage_ErrorOrCompleteRead(string options, bool compress)
    {
        using var images = new Qcow2Images();
        string path = await images.ConvertAsync("disk.qcow2", Qcow2Images.MakeContent(DiskLength), options, compress);
        byte[] sound = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        long[] tables = [0, (long)Qcow2Bytes.ReadUInt64(path, 40), Qcow2Bytes.FirstTable(path)];
        var random = new Random(4711);
        byte[] buffer = new byte[1 << 20];
        for (int number = 0; number < CaseCount; number++)
        {
            byte[] bytes = [.. sound];
            int length = Damage(bytes, tables, random);
            await File.WriteAllBytesAsync(path, bytes.AsMemory(0, length), TestContext.Current.CancellationToken);
            long start = Stopwatch.GetTimestamp();
            Exception? exception = Record.Exception(() => ReadAll(path, buffer));
            Assert.True(
                exception is null or DiskFormatException or DiskOperationException, $"Case {number}: {exception}");
            Assert.True(Stopwatch.GetElapsedTime(start) < LongestCase, $"Case {number} took too long.");
        }
    }

    private static int Damage(byte[] bytes, long[] tables, Random random)
    {
        int changes = random.Next(1, 4);
        for (int change = 0; change < changes; change++)
        {
            int from = (int)tables[random.Next(tables.Length)];
            int offset = from + random.Next(from == 0 ? 128 : 512);
            switch (random.Next(3))
            {
                case 0:
                    bytes[offset] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[offset] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    random.NextBytes(bytes.AsSpan(offset & ~7, 8));
                    break;
            }
        }

        return random.Next(20) == 0 ? random.Next(bytes.Length) : bytes.Length;
    }

    private static void ReadAll(string path, byte[] buffer)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);

        // A size that was made absurd is allowed: what it adds has no clusters and must cost nothing to list.
        foreach (DiskExtent extent in disk.EnumerateExtents(0, disk.LengthInBytes))
        {
            for (long done = 0; extent.Kind != ExtentKind.Zero && done < extent.Length; done += buffer.Length)
            {
                int length = (int)Math.Min(buffer.Length, extent.Length - done);
                disk.ReadExtent(extent.Slice(extent.DiskOffset + done, length), buffer.AsSpan(0, length));
            }
        }
    }
}
