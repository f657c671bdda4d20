using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Merging;

public sealed class DiskMergeTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 60_000)]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public async Task Merge_IntoParent_ParentShowsTheChildAndChildIsGone(VhdType type)
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        Chain chain = await Chain.MakeAsync(folder, type);
        Guid identifier = (await InspectAsync(folder["base.vhd"])).DiskIdentifier;

        BaseVhd merged = await Operations.MergeAsync(folder["middle.vhd"]);

        Assert.Equal((folder["base.vhd"], type, identifier), (merged.Path, merged.VhdType, merged.DiskIdentifier));
        Assert.Empty(merged.Findings);
        folder.AssertReads("base.vhd", chain.Middle);
        Assert.Equal(["base.vhd", "top.vhd"], folder.Names);
        await Qemu.AssertAgreesAsync(merged);
        folder.MakeRaw("content.raw", chain.Middle);
        await Qemu.AssertSameAsync(folder["content.raw"], VhdFormat.Raw, merged.Path, VhdFormat.Vhd);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_IntoDifference_GrandparentIsUntouched()
    {
        using var folder = new DiskFolder();
        Chain chain = await Chain.MakeAsync(folder, VhdType.Fixed);

        BaseVhd merged = await Operations.MergeAsync(folder["top.vhd"]);

        Assert.Equal((VhdType.Differencing, folder["base.vhd"]), (merged.VhdType, merged.ParentPath));
        folder.AssertReads("middle.vhd", chain.Top);
        folder.AssertReads("base.vhd", chain.Base);
        Assert.Equal(["base.vhd", "middle.vhd"], folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public async Task Merge_ChainIntoAncestor_EverythingBetweenIsGone(VhdType type)
    {
        using var folder = new DiskFolder();
        Chain chain = await Chain.MakeAsync(folder, type);

        await Operations.MergeAsync(folder["top.vhd"], folder["base.vhd"]);

        folder.AssertReads("base.vhd", chain.Top);
        Assert.Equal(["base.vhd"], folder.Names);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("new.vhd", VhdType.Fixed)]
    [InlineData("new.vhd", VhdType.Dynamic)]
    [InlineData("new.vhdx", VhdType.Dynamic)]
    [InlineData("new.raw", VhdType.Fixed)]
    public async Task Merge_IntoNew_ChainIsUntouched(string name, VhdType type)
    {
        using var folder = new DiskFolder();
        Chain chain = await Chain.MakeAsync(folder, VhdType.Dynamic);
        using DiskFolder copy = folder.Copy();

        BaseVhd merged = await Operations.MergeAsync(folder["top.vhd"], folder[name], type);

        Assert.Equal((type, null), (merged.VhdType, merged.ParentPath));
        folder.AssertReads(name, chain.Top);
        Assert.All(copy.Names, file => Assert.True(folder.HasSameFile(file, copy), file));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("raw")]
    [InlineData("qcow2")]
    public async Task Merge_Qcow2ChainIntoNew_QemuAgrees(string backingFormat)
    {
        Qemu.Require();
        Programs.Require("qemu-io");
        using var folder = new DiskFolder();
        string raw = folder.MakeRaw("content.raw", DiskFolder.MakeContent());
        await Qemu.RunAsync("convert", "-f", "raw", "-O", backingFormat, raw, folder["base.img"]);
        await Qemu.RunAsync("create", "-q", "-f", "qcow2", "-b", folder["base.img"], "-F", backingFormat, folder["top.qcow2"]);
        await Programs.RunAsync("qemu-io", "-f", "qcow2", "-c", "write -P 0x5A 1M 100k", "-c", "write -z 6M 128k", folder["top.qcow2"]);

        BaseVhd merged = await Operations.MergeAsync(folder["top.qcow2"], folder["new.vhd"]);

        await Qemu.AssertSameAsync(folder["top.qcow2"], VhdFormat.Qcow2, merged.Path, VhdFormat.Vhd);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_Qcow2IntoParent_Refused()
    {
        Qemu.Require();
        using var folder = new DiskFolder();
        folder.MakeRaw("base.raw", DiskFolder.MakeContent());
        await Qemu.RunAsync("create", "-q", "-f", "qcow2", "-b", folder["base.raw"], "-F", "raw", folder["top.qcow2"]);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => Operations.MergeAsync(folder["top.qcow2"]));

        Assert.Equal(ErrorCode.DiskFormatUnsupported, exception.Code);
        Assert.Contains("-DestinationPath", exception.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(["base.raw", "top.qcow2"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_TopIsMergedAfterwards_SiblingTellsThatTheParentChanged()
    {
        using var folder = new DiskFolder();
        Chain chain = await Chain.MakeAsync(folder, VhdType.Fixed);
        File.SetLastWriteTimeUtc(folder["base.vhd"], new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        await folder.MakeDifferenceAsync("one.vhd", "base.vhd", chain.Base, (0, 512, 11));
        await folder.MakeDifferenceAsync("two.vhd", "base.vhd", chain.Base, (512, 512, 12));

        await Operations.MergeAsync(folder["one.vhd"]);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(() => InspectAsync(folder["two.vhd"]));
        Assert.Equal((ErrorCode.ParentModified, folder["two.vhd"]), (exception.Code, exception.Target));
    }

    [Fact(Timeout = 60_000)]
    public async Task Merge_SmallBlocksIntoLargeOnes_SameContent()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content, VhdType.Dynamic, 512 << 10);
        ReferenceDisk child = await folder.MakeDifferenceAsync(
            "child.vhd", "base.vhd", content, (512, 512, 5), ((4 * MiB) - 512, 1024, 6), ((10 * MiB) + 512, MiB, 7));

        await Operations.MergeAsync(folder["child.vhd"]);

        folder.AssertReads("base.vhd", child);
    }

    private static Task<BaseVhd> InspectAsync(string path) =>
        DiskInspection.InspectAsync(path, TestContext.Current.CancellationToken);

    /// <summary>base.vhd, middle.vhd and top.vhd, and what each shows.</summary>
    private sealed record Chain(ReferenceDisk Base, ReferenceDisk Middle, ReferenceDisk Top)
    {
        public static async Task<Chain> MakeAsync(DiskFolder folder, VhdType type)
        {
            ReferenceDisk content = DiskFolder.MakeContent();
            await folder.MakeAsync("base.vhd", content, type);
            ReferenceDisk middle = await folder.MakeDifferenceAsync(
                "middle.vhd", "base.vhd", content, (1024, 2048, 5), (5 * MiB, 65536, 0), ((10 * MiB) - 1024, 2048, 6));
            ReferenceDisk top = await folder.MakeDifferenceAsync(
                "top.vhd", "middle.vhd", middle, (1536, 512, 7), (3 * MiB, MiB, 8), ((12 * MiB) - 512, 512, 0));
            return new Chain(content, middle, top);
        }
    }
}
