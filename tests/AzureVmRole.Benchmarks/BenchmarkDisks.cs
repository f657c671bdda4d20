using AzureVmRole.TestKit;

namespace AzureVmRole.Benchmarks;

/// <summary>The disks that are converted, made once by other programs from the same content.</summary>
internal sealed class BenchmarkDisks(string folder)
{
    private const long Gibibyte = 1L << 30;

    public string Path(string name, string suffix) => System.IO.Path.Combine(folder, $"{name}.{suffix}");

    public async Task PrepareAsync(string name)
    {
        if (name == "quick" || File.Exists(Path(name, "qcow2")))
        {
            return;
        }

        string raw = Path(name, "raw");
        switch (name)
        {
            case "sparse":
                WriteScattered(raw, 8 * Gibibyte, Gibibyte);
                break;
            case "dense":
                WriteScattered(raw, 2 * Gibibyte, 2 * Gibibyte);
                break;
            default:
                await WriteFileSystemAsync(raw);
                break;
        }

        await ConvertAsync(raw, Path(name, "fixed.vhd"), "-O", "vpc", "-o", "subformat=fixed,force_size");
        await ConvertAsync(raw, Path(name, "dynamic.vhd"), "-O", "vpc", "-o", "subformat=dynamic,force_size");
        await ConvertAsync(raw, Path(name, "vhdx"), "-O", "vhdx");
        await ConvertAsync(raw, Path(name, "qcow2"), "-O", "qcow2");
    }

    public void Remove(string name)
    {
        foreach (string suffix in new[] { "raw", "fixed.vhd", "dynamic.vhd", "vhdx", "qcow2" })
        {
            File.Delete(Path(name, suffix));
        }
    }

    private static async Task ConvertAsync(string raw, string target, params string[] format)
    {
        ProgramResult result = await ExternalProgram.RunAsync(
            CancellationToken.None, "qemu-img", ["convert", "-f", "raw", .. format, raw, target]);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.Everything);
        }
    }

    /// <summary>Extents of 64 KiB to 4 MiB with bytes nobody can compress, scattered over the disk; or all of it.</summary>
    private static void WriteScattered(string path, long length, long dataLength)
    {
        var random = new Random(7);
        byte[] noise = new byte[8 << 20];
        random.NextBytes(noise);
        using FileStream file = File.Create(path);
        file.SetLength(length);
        for (long written = 0; written < dataLength;)
        {
            int size = length == dataLength ? 4 << 20 : 65536 << random.Next(7);
            file.Position = length == dataLength ? written : random.NextInt64((length - size) / 4096) * 4096;
            file.Write(noise, random.Next(4 << 20), size);
            written += size;
        }
    }

    /// <summary>An ext4 file system of 4 GiB that holds files of many sizes, 1.5 GiB in all.</summary>
    private async Task WriteFileSystemAsync(string path)
    {
        string content = System.IO.Path.Combine(folder, "content");
        Directory.CreateDirectory(content);
        var random = new Random(11);
        byte[] noise = new byte[4 << 20];
        random.NextBytes(noise);
        for (int index = 0; index < 1500; index++)
        {
            File.WriteAllBytes(System.IO.Path.Combine(content, $"{index}.bin"), noise[..random.Next(1 << 10, 2 << 20)]);
        }

        using (FileStream file = File.Create(path))
        {
            file.SetLength(4 * Gibibyte);
        }

        ProgramResult result = await ExternalProgram.RunAsync(
            CancellationToken.None, "mkfs.ext4", "-q", "-F", "-d", content, path);
        Directory.Delete(content, recursive: true);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.Everything);
        }
    }
}
