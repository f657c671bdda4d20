using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.KillTarget;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>A volume without room: told before the first byte, and without harm when it fills up midway.</summary>
public sealed class DiskFullTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 60_000)]
    [InlineData("convert", "new.vhd", "Fixed")]
    [InlineData("convert", "new.vhd", "Dynamic")]
    [InlineData("convert", "new.vhdx", "Dynamic")]
    [InlineData("convert", "new.raw", "Fixed")]
    public async Task Convert_TooLittleRoom_RefusedBeforeTheFirstByte(string operation, string name, string type)
    {
        using var folder = new DiskFolder();
        string source = folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        await using SmallVolume volume = await SmallVolume.MountAsync(2);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operation.RunAsync([operation, source, volume[name], type], null, TestContext.Current.CancellationToken));

        MisuseAssert.Tells(exception, ErrorCode.InsufficientSpace, volume[name]);
        Assert.Contains("needs", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(volume.Path));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("new.vhd", "Fixed")]
    [InlineData("new.vhd", "Dynamic")]
    [InlineData("new.vhdx", "Dynamic")]
    public async Task Convert_VolumeFillsUpMidway_ToldAndNothingLeft(string name, string type)
    {
        using var folder = new DiskFolder();
        string source = folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        await using SmallVolume volume = await SmallVolume.MountAsync(16);
        var progress = new CountedProgress(1, volume.Fill);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operation.RunAsync(["convert", source, volume[name], type], progress, TestContext.Current.CancellationToken));

        MisuseAssert.Tells(exception, ErrorCode.InsufficientSpace, volume[name]);
        Assert.Equal([volume[SmallVolume.FillerName]], Directory.GetFiles(volume.Path));
    }

    [Fact(Timeout = 60_000)]
    public async Task Resize_NoRoomForTheChange_OldDisk()
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(16);
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());
        File.Copy(folder["disk.vhd"], volume["disk.vhd"]);
        volume.Fill();

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.ResizeAsync(volume["disk.vhd"], 20 * MiB));

        MisuseAssert.Tells(exception, ErrorCode.InsufficientSpace, volume["disk.vhd"]);
        Assert.Equal(await File.ReadAllBytesAsync(folder["disk.vhd"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(volume["disk.vhd"], TestContext.Current.CancellationToken));
        Assert.Equal(2, Directory.GetFiles(volume.Path).Length);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_VolumeFillsUpMidway_FinishedWhenThereIsRoom()
    {
        await using SmallVolume volume = await SmallVolume.MountAsync(32);
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("disk.vhd", content, VhdType.Dynamic);
        ReferenceDisk child = await folder.MakeDifferenceAsync(
            "child.vhd", "disk.vhd", content, (512, 512, 5), (3 * MiB, 512, 6), (8 * MiB, 2 * MiB, 7));
        foreach (string name in folder.Names)
        {
            File.Copy(folder[name], volume[name]);
            File.SetLastWriteTimeUtc(volume[name], File.GetLastWriteTimeUtc(folder[name]));
        }

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operation.RunAsync(["merge", volume["child.vhd"]], new CountedProgress(1, volume.Fill), TestContext.Current.CancellationToken));
        await Operations.ConvertAsync(volume["child.vhd"], folder["shown.raw"]);
        File.Delete(volume[SmallVolume.FillerName]);
        await Operations.MergeAsync(volume["child.vhd"]);

        // The disk that grows, or the plan beside the one on top.
        MisuseAssert.Tells(exception, ErrorCode.InsufficientSpace, volume[exception.Message.Contains("child.vhd", StringComparison.Ordinal) ? "child.vhd" : "disk.vhd"]);
        folder.AssertReads("shown.raw", child);
        await Operations.ConvertAsync(volume["disk.vhd"], folder["merged.raw"]);
        folder.AssertReads("merged.raw", child);
        Assert.Equal([volume["disk.vhd"]], Directory.GetFiles(volume.Path));
    }
}
