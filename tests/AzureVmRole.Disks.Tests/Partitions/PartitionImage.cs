using System.Collections.Concurrent;
using AzureVmRole.Disks.Partitions;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

/// <summary>A sparse raw image in a folder of its own, partitioned by real programs.</summary>
internal sealed class PartitionImage : IDisposable
{
    public const int OneMebibyte = 1 << 20;

    private static readonly ConcurrentDictionary<string, (byte[] Start, byte[] End)> Made = new(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder = new();

    public PartitionImage(long lengthInBytes, int sectorSize = 512)
    {
        SectorSize = sectorSize;
        Path = _folder.File("disk.img");
        SetLength(lengthInBytes);
    }

    public string Path { get; }

    public int SectorSize { get; }

    public long Length => new FileInfo(Path).Length;

    public void SetLength(long lengthInBytes)
    {
        using FileStream file = File.Open(Path, FileMode.OpenOrCreate);
        file.SetLength(lengthInBytes);
    }

    /// <summary>Makes a GPT with sgdisk.</summary>
    public async Task<PartitionImage> PartitionWithSgdiskAsync(params string[] arguments)
    {
        Require("sgdisk");
        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, "sgdisk", [.. arguments, Path]);
        Assert.True(result.ExitCode == 0, result.Everything);
        return this;
    }

    /// <summary>As sgdisk makes it, once per set of arguments: the program takes a second each time.</summary>
    public static async Task<PartitionImage> MakeGptAsync(long lengthInBytes, params string[] arguments)
    {
        string key = $"{lengthInBytes} {string.Join(' ', arguments)}";
        if (!Made.TryGetValue(key, out (byte[] Start, byte[] End) made))
        {
            using var model = new PartitionImage(lengthInBytes);
            await model.PartitionWithSgdiskAsync(arguments);
            made = (model.ReadBytes(0, OneMebibyte), model.ReadBytes(lengthInBytes - OneMebibyte, OneMebibyte));
            Made.TryAdd(key, made);
        }

        return new PartitionImage(lengthInBytes).Write(0, made.Start).Write(lengthInBytes - OneMebibyte, made.End);
    }

    /// <summary>Makes a table from an sfdisk script (512-byte sectors).</summary>
    public Task<PartitionImage> PartitionWithSfdiskAsync(string script) => FeedAsync("sfdisk", "--quiet", script);

    /// <summary>Makes a table with fdisk commands, in the image's sector size.</summary>
    public Task<PartitionImage> PartitionWithFdiskAsync(string commands) =>
        FeedAsync("fdisk", $"--wipe never -b {SectorSize}", commands);

    /// <summary>Asserts that sgdisk finds nothing wrong.</summary>
    public async Task VerifyWithSgdiskAsync()
    {
        Require("sgdisk");
        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, "sgdisk", "-v", Path);
        Assert.True(result.Output.Contains("No problems found", StringComparison.Ordinal), result.Everything);
    }

    public PartitionTable Read()
    {
        using var disk = SectorDisk.Open(Path, SectorSize);
        return PartitionTable.Read(disk);
    }

    public byte[] ReadBytes(long offset, int length)
    {
        using FileStream file = File.OpenRead(Path);
        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    public PartitionImage Write(long offset, params ReadOnlySpan<byte> bytes)
    {
        using FileStream file = File.OpenWrite(Path);
        file.Position = offset;
        file.Write(bytes);
        return this;
    }

    /// <summary>Changes one byte to another value.</summary>
    public PartitionImage Flip(long offset) => Write(offset, (byte)(ReadBytes(offset, 1)[0] ^ 0x5A));

    public void Apply(IEnumerable<SectorWrite> writes)
    {
        foreach (SectorWrite write in writes)
        {
            Assert.True(write.End <= Length, $"{write.Purpose} ends at {write.End}, beyond the disk.");
            Write(write.DiskOffset, write.Data.Span);
        }
    }

    public void Dispose() => _folder.Dispose();

    private async Task<PartitionImage> FeedAsync(string program, string options, string input)
    {
        Require(program);
        string inputPath = _folder.File("input");
        await File.WriteAllTextAsync(inputPath, input, TestContext.Current.CancellationToken);
        ProgramResult result = await ExternalProgram.RunAsync(
            TestContext.Current.CancellationToken, "sh", "-c", $"{program} {options} '{Path}' < '{inputPath}'");
        Assert.True(result.ExitCode == 0, result.Everything);
        return this;
    }

    private static void Require(string program)
    {
        if (!ExternalProgram.IsInstalled(program))
        {
            Assert.Skip($"{program} is not installed (apt: fdisk, gdisk).");
        }
    }
}
