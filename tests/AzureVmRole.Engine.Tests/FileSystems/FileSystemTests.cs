using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Optimization;
using Xunit;

namespace AzureVmRole.Engine.Tests.FileSystems;

/// <summary>An ext4 and an NTFS file system stay sound, in the eyes of their own checkers, whatever happens to the disk.</summary>
public sealed class FileSystemTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 300_000)]
    [InlineData(PartitionStyle.Gpt)]
    [InlineData(PartitionStyle.Mbr)]
    public async Task Convert_ThroughEveryFormat_FileSystemsAreSound(PartitionStyle style)
    {
        using var folder = new DiskFolder();
        PartitionedImage image = await PartitionedImage.MakeAsync(folder, style);

        await Operations.ConvertAsync(folder["disk.raw"], folder["one.vhd"], VhdType.Dynamic);
        await Operations.ConvertAsync(folder["one.vhd"], folder["two.vhdx"], VhdType.Dynamic);
        await Operations.ConvertAsync(folder["two.vhdx"], folder["three.vhd"]);
        BaseVhd last = await Operations.ConvertAsync(folder["three.vhd"], folder["four.vhdx"], VhdType.Fixed);

        Assert.Equal(style, last.PartitionStyle);
        Assert.True(image.Content.AsSpan().SequenceEqual(folder.Read("four.vhdx")));
        await image.AssertSoundAsync("three.vhd", "first.bin", PartitionedImage.FileData(1));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("disk.vhd", VhdType.Fixed, PartitionStyle.Gpt)]
    [InlineData("disk.vhd", VhdType.Dynamic, PartitionStyle.Mbr)]
    [InlineData("disk.vhdx", VhdType.Dynamic, PartitionStyle.Gpt)]
    public async Task Resize_GrowAndShrink_FileSystemsAreSound(string name, VhdType type, PartitionStyle style)
    {
        using var folder = new DiskFolder();
        PartitionedImage image = await PartitionedImage.MakeAsync(folder, style);
        await Operations.ConvertAsync(folder["disk.raw"], folder[name], type);

        BaseVhd grown = await Operations.ResizeAsync(folder[name], 200 * MiB);
        BaseVhd shrunk = await Operations.ResizeAsync(folder[name], null);

        Assert.Equal((200 * MiB, (style == PartitionStyle.Gpt ? 47 : 46) * MiB), (grown.Size, shrunk.Size));
        Assert.Equal(2, shrunk.Partitions.Length);
        Assert.Empty(shrunk.Findings);
        await image.AssertSoundAsync(name, "first.bin", PartitionedImage.FileData(1));
    }

    [Theory(Timeout = 300_000)]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public async Task Merge_GuestWroteToTheDifference_FileSystemsAreSound(VhdType type)
    {
        using var folder = new DiskFolder();
        PartitionedImage image = await PartitionedImage.MakeAsync(folder, PartitionStyle.Gpt);
        await Operations.ConvertAsync(folder["disk.raw"], folder["base.vhd"], type);
        await AddLayerAsync(folder, image, "middle.vhd", "base.vhd", "second.bin", 2);
        await AddLayerAsync(folder, image, "top.vhd", "middle.vhd", "third.bin", 3);

        await Operations.MergeAsync(folder["top.vhd"], folder["new.vhdx"], VhdType.Dynamic);
        await image.AssertSoundAsync("new.vhdx", "second.bin", PartitionedImage.FileData(2));
        await Operations.MergeAsync(folder["top.vhd"], folder["base.vhd"]);
        await OptimizeAsync(folder["base.vhd"]);

        Assert.True(image.Content.AsSpan().SequenceEqual(folder.Read("base.vhd")));
        await image.AssertSoundAsync("base.vhd", "third.bin", PartitionedImage.FileData(3));
        Assert.False(File.Exists(folder["middle.vhd"]) || File.Exists(folder["top.vhd"]));
    }

    private static async Task AddLayerAsync(
        DiskFolder folder, PartitionedImage image, string name, string parentName, string fileName, int seed)
    {
        await DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = folder[name], ParentPath = folder[parentName] },
            TestContext.Current.CancellationToken);
        foreach ((int offset, int length) in await image.AddFileAsync(fileName, PartitionedImage.FileData(seed)))
        {
            GuestWriter.Write(folder[name], offset, image.Content.AsSpan(offset, length));
        }
    }

    private static Task<BaseVhd> OptimizeAsync(string path) =>
        DiskOptimization.OptimizeAsync(path, null, TestContext.Current.CancellationToken);
}
