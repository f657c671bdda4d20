using System.Security.Cryptography;
using AzureVmRole.TestKit;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>One of the benchmark's disks, in the forms that travel.</summary>
internal sealed class StorageDisks(BenchmarkDisks disks, string name)
{
    private const int ChangedRuns = 64;
    private const int Footer = 512;

    public string Name { get; } = name;

    public string Fixed => disks.Path(Name, "fixed.vhd");

    public string Dynamic => disks.Path(Name, "dynamic.vhd");

    /// <summary>A qcow2 image over another: the one chain that qemu-img can read, too.</summary>
    public string Chain => disks.Path(Name, "overlay.qcow2");

    /// <summary>Makes them, and drops the forms that are not needed.</summary>
    public async Task PrepareAsync()
    {
        await disks.PrepareAsync(Name);
        File.Delete(disks.Path(Name, "raw"));
        File.Delete(disks.Path(Name, "vhdx"));
        if (File.Exists(Chain))
        {
            return;
        }

        long length = new FileInfo(Fixed).Length - Footer;
        await RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", disks.Path(Name, "qcow2"), "-F", "qcow2", Chain);
        IEnumerable<string> writes = Enumerable.Range(0, ChangedRuns).SelectMany(
            index => new[] { "-c", $"write -q -P {index + 1} {length / ChangedRuns * index / 4096 * 4096} 1M" });
        await RunAsync("qemu-io", ["-f", "qcow2", .. writes, Chain]);
    }

    public void Remove()
    {
        File.Delete(Chain);
        disks.Remove(Name);
    }

    /// <summary>Bytes of the fixed disk's 64 KiB pieces that are not all zero: what has to travel.</summary>
    public async Task<long> MeasureDataAsync()
    {
        byte[] piece = new byte[64 << 10];
        long data = 0;
        await using FileStream file = File.OpenRead(Fixed);
        int count;
        while ((count = await file.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false)) > 0)
        {
            data += piece.AsSpan(0, count).ContainsAnyExcept((byte)0) ? count : 0;
        }

        return data;
    }

    /// <summary>SHA-256 of what a guest sees of a fixed VHD: everything but the footer.</summary>
    public static async Task<string> HashAsync(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] piece = new byte[1 << 20];
        await using FileStream file = File.OpenRead(path);
        long left = file.Length - Footer;
        while (left > 0)
        {
            int count = (int)Math.Min(left, piece.Length);
            await file.ReadExactlyAsync(piece.AsMemory(0, count));
            hash.AppendData(piece, 0, count);
            left -= count;
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(CancellationToken.None, program, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.Everything);
        }
    }
}
