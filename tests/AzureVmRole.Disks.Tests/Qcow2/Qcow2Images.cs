using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Qcow2;

/// <summary>Makes qcow2 files with qemu-img and qemu-io, in a folder of the test's own.</summary>
internal sealed class Qcow2Images : IDisposable
{
    public const int DiskLength = 6 << 20;

    private readonly TemporaryFolder _folder = new();

    public string File(string name) => _folder.File(name);

    /// <summary>Data in runs of every length around the sizes of sectors, pages and clusters, and zeros between.</summary>
    public static ReferenceDisk MakeContent(int lengthInBytes = DiskLength, int seed = 1)
    {
        var disk = new ReferenceDisk(lengthInBytes);
        disk.Fill(0, 512, seed);
        disk.Fill(64 << 10, 300 << 10, seed + 1);
        disk.Fill((1 << 20) - 4096, 8192, seed + 2);
        disk.Fill(2 << 20, (1 << 20) + 1536, seed + 3);
        disk.Fill(lengthInBytes - 70_144, 70_144, seed + 4);
        return disk;
    }

    /// <summary>Converts a disk's content to qcow2.</summary>
    public async Task<string> ConvertAsync(string name, ReferenceDisk content, string options, bool compress = false)
    {
        string raw = File($"{name}.raw");
        content.SaveRaw(raw);
        string path = File(name);
        string[] flags = compress ? ["-c"] : [];
        await RunAsync("qemu-img", ["convert", "-q", "-f", "raw", "-O", "qcow2", .. flags, "-o", options, raw, path]);
        return path;
    }

    /// <summary>Makes an empty file, or one over a backing file.</summary>
    public async Task<string> CreateAsync(string name, string options, long? lengthInBytes, params string[] more)
    {
        string path = File(name);
        string[] size = lengthInBytes is { } length ? [$"{length}"] : [];
        await RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-o", options, .. more, path, .. size]);
        return path;
    }

    /// <summary>Writes a byte pattern into the disk, and the same into the model.</summary>
    public static async Task WriteAsync(string path, ReferenceDisk model, int offset, int length, byte pattern)
    {
        await RunAsync("qemu-io", ["-c", $"write -P {pattern} {offset} {length}", path]);
        model.Content.AsSpan(offset, length).Fill(pattern);
    }

    /// <summary>Zeros a range the way the format can, and in the model.</summary>
    public static async Task WriteZerosAsync(string path, ReferenceDisk model, int offset, int length)
    {
        await RunAsync("qemu-io", ["-c", $"write -z {offset} {length}", path]);
        model.Content.AsSpan(offset, length).Clear();
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        if (!ExternalProgram.IsInstalled(program))
        {
            Assert.Skip($"{program} is not installed (apt: qemu-utils).");
        }

        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, program, arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
    }

    public void Dispose() => _folder.Dispose();
}
