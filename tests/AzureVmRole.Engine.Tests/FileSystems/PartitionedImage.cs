using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.FileSystems;

/// <summary>A raw disk with an ext4 and an NTFS partition, made by real programs, and what is in them.</summary>
internal sealed class PartitionedImage
{
    public const int LengthInMiB = 64;

    private const int MiB = DiskFolder.MiB;
    private const int LinuxOffset = 1 * MiB;
    private const int LinuxLength = 24 * MiB;
    private const int WindowsOffset = 26 * MiB;
    private const int WindowsLength = 20 * MiB;

    private readonly DiskFolder _folder;

    private PartitionedImage(DiskFolder folder) => _folder = folder;

    /// <summary>The bytes of the disk.</summary>
    public byte[] Content { get; private set; } = [];

    /// <summary>Makes the disk.</summary>
    public static async Task<PartitionedImage> MakeAsync(DiskFolder folder, PartitionStyle style)
    {
        Programs.Require("mkfs.ext4", "e2fsck", "debugfs", "mkntfs", "ntfscp", "ntfscat", "ntfsfix", "sgdisk", "sfdisk");
        var image = new PartitionedImage(folder);
        string disk = folder["disk.raw"];
        image.SetLength("disk.raw", LengthInMiB * MiB);
        if (style == PartitionStyle.Gpt)
        {
            await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+24M", "-t", "1:8300", "-n", "2:53248:+20M", "-t", "2:0700", disk);
        }
        else
        {
            await File.WriteAllTextAsync(
                folder["script"], "label: dos\nstart=2048, size=49152, type=83, bootable\nstart=53248, size=40960, type=7\n",
                TestContext.Current.CancellationToken);
            await Programs.RunAsync("sh", "-c", $"sfdisk --quiet '{disk}' < '{folder["script"]}'");
            File.Delete(folder["script"]);
        }

        await image.MakeLinuxAsync();
        await image.MakeWindowsAsync();
        image.Content = await File.ReadAllBytesAsync(disk, TestContext.Current.CancellationToken);
        image.Insert("linux.part", LinuxOffset);
        image.Insert("windows.part", WindowsOffset);
        await File.WriteAllBytesAsync(disk, image.Content, TestContext.Current.CancellationToken);
        return image;
    }

    /// <summary>Puts a new file into both file systems.</summary>
    /// <returns>The ranges of the disk that changed, in whole sectors.</returns>
    public async Task<(int Offset, int Length)[]> AddFileAsync(string name, byte[] data)
    {
        byte[] before = [.. Content];
        await File.WriteAllBytesAsync(_folder["added"], data, TestContext.Current.CancellationToken);
        Extract(Content);
        await Programs.RunAsync("debugfs", "-w", "-R", $"write {_folder["added"]} {name}", _folder["linux.part"]);
        await Programs.RunAsync("ntfscp", "-f", "-q", _folder["windows.part"], _folder["added"], name);
        File.Delete(_folder["added"]);
        Insert("linux.part", LinuxOffset);
        Insert("windows.part", WindowsOffset);
        return [.. ChangedRanges(before)];
    }

    /// <summary>Asserts that a disk's file systems are sound and hold a file.</summary>
    public async Task AssertSoundAsync(string diskName, string fileName, byte[] data)
    {
        Extract(_folder.Read(diskName));
        await Programs.RunAsync("e2fsck", "-fn", _folder["linux.part"]);
        await Programs.RunAsync("ntfsfix", "-n", _folder["windows.part"]);
        string read = _folder["read"];
        await Programs.RunAsync("debugfs", "-R", $"dump {fileName} {read}", _folder["linux.part"]);
        Assert.Equal(data, await File.ReadAllBytesAsync(read, TestContext.Current.CancellationToken));
        await Programs.RunAsync("sh", "-c", $"ntfscat -f '{_folder["windows.part"]}' '{fileName}' > '{read}'");
        Assert.Equal(data, await File.ReadAllBytesAsync(read, TestContext.Current.CancellationToken));
        File.Delete(read);
        File.Delete(_folder["linux.part"]);
        File.Delete(_folder["windows.part"]);
    }

    private async Task MakeLinuxAsync()
    {
        Directory.CreateDirectory(_folder["content"]);
        await File.WriteAllBytesAsync(_folder["content/first.bin"], FileData(1), TestContext.Current.CancellationToken);
        SetLength("linux.part", LinuxLength);
        await Programs.RunAsync("mkfs.ext4", "-q", "-F", "-d", _folder["content"], _folder["linux.part"]);
        Directory.Delete(_folder["content"], recursive: true);
    }

    private async Task MakeWindowsAsync()
    {
        SetLength("windows.part", WindowsLength);
        await Programs.RunAsync("mkntfs", "-F", "-q", "-Q", "-p", $"{WindowsOffset / 512}", "-H", "16", "-S", "63", "-s", "512", _folder["windows.part"]);
        await File.WriteAllBytesAsync(_folder["first.bin"], FileData(1), TestContext.Current.CancellationToken);
        await Programs.RunAsync("ntfscp", "-f", "-q", _folder["windows.part"], _folder["first.bin"], "first.bin");
        File.Delete(_folder["first.bin"]);
    }

    /// <summary>The content of a file that tests put into the file systems.</summary>
    public static byte[] FileData(int seed) => new ReferenceDisk(3 * MiB).Fill(0, (3 * MiB) - 777, seed).Content;

    private IEnumerable<(int Offset, int Length)> ChangedRanges(byte[] before)
    {
        const int Sector = 512;
        int start = -1;
        for (int offset = 0; offset <= Content.Length; offset += Sector)
        {
            bool isChanged = offset < Content.Length
                && !Content.AsSpan(offset, Sector).SequenceEqual(before.AsSpan(offset, Sector));
            if (isChanged && start < 0)
            {
                start = offset;
            }
            else if (!isChanged && start >= 0)
            {
                yield return (start, offset - start);
                start = -1;
            }
        }
    }

    private void Extract(byte[] content)
    {
        File.WriteAllBytes(_folder["linux.part"], content.AsSpan(LinuxOffset, LinuxLength));
        File.WriteAllBytes(_folder["windows.part"], content.AsSpan(WindowsOffset, WindowsLength));
    }

    private void Insert(string name, int offset)
    {
        File.ReadAllBytes(_folder[name]).CopyTo(Content, offset);
        File.Delete(_folder[name]);
    }

    private void SetLength(string name, int length)
    {
        using FileStream file = File.Create(_folder[name]);
        file.SetLength(length);
    }
}
