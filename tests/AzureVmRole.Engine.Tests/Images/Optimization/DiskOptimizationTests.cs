using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Optimization;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Optimization;

public sealed class DiskOptimizationTests
{
    private const int MiB = DiskFolder.MiB;

    [Fact(Timeout = 60_000)]
    public async Task Optimize_DynamicWithZeros_SmallerAndChildStaysValid()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("base.vhd", DiskFolder.MakeContent(), VhdType.Dynamic);
        GuestWriter.Write(folder["base.vhd"], 4 * MiB, new byte[4 * MiB]);
        ReferenceDisk content = DiskFolder.MakeContent();
        content.Content.AsSpan(4 * MiB, 4 * MiB).Clear();
        File.SetLastWriteTimeUtc(folder["base.vhd"], new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        ReferenceDisk child = await folder.MakeDifferenceAsync("child.vhd", "base.vhd", content, (1024, 512, 5));
        BaseVhd before = await InspectAsync(folder["base.vhd"]);

        BaseVhd after = await OptimizeAsync(folder["base.vhd"]);

        Assert.InRange(after.FileSize, 1, before.FileSize - (2 * MiB));
        Assert.Equal((before.DiskIdentifier, before.Size, before.BlockSize), (after.DiskIdentifier, after.Size, after.BlockSize));
        Assert.Equal(new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc), File.GetLastWriteTimeUtc(folder["base.vhd"]));
        folder.AssertReads("base.vhd", content);
        folder.AssertReads("child.vhd", child);
        Assert.Equal(["base.vhd", "child.vhd"], folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhd", VhdType.Fixed)]
    [InlineData("disk.vhdx", VhdType.Fixed)]
    [InlineData("disk.vhdx", VhdType.Dynamic)]
    [InlineData("disk.raw", VhdType.Fixed)]
    public async Task Optimize_AnyKind_SameContentIdAndTime(string name, VhdType type)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync(name, content, type);
        FillHolesOfFile(folder[name]);
        BaseVhd before = await InspectAsync(folder[name]);
        DateTime modified = File.GetLastWriteTimeUtc(folder[name]);

        BaseVhd after = await OptimizeAsync(folder[name]);

        folder.AssertReads(name, content);
        Assert.Equal(modified, File.GetLastWriteTimeUtc(folder[name]));
        Assert.Equal((before.DiskIdentifier, before.BlockSize, before.VhdType), (after.DiskIdentifier, after.BlockSize, after.VhdType));
        Assert.InRange(after.AllocatedSize, 1, before.AllocatedSize - (2 * MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task Optimize_Unix_KeepsTheFileMode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent(), VhdType.Dynamic);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(folder["disk.vhd"], Mode);

        await OptimizeAsync(folder["disk.vhd"]);

        Assert.Equal(Mode, File.GetUnixFileMode(folder["disk.vhd"]));
    }

    /// <summary>Writes out the zeros that a file has holes for, as a copy by a simple program does.</summary>
    private static void FillHolesOfFile(string path)
    {
        DateTime modified = File.GetLastWriteTimeUtc(path);
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, modified);
    }

    private static Task<BaseVhd> InspectAsync(string path) =>
        DiskInspection.InspectAsync(path, TestContext.Current.CancellationToken);

    private static Task<BaseVhd> OptimizeAsync(string path) =>
        DiskOptimization.OptimizeAsync(path, null, TestContext.Current.CancellationToken);
}
