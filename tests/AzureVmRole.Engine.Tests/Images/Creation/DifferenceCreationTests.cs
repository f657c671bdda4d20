using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Creation;

public sealed class DifferenceCreationTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 60_000)]
    [InlineData(VhdType.Fixed)]
    [InlineData(VhdType.Dynamic)]
    public async Task Create_OnDisk_ShowsTheParent(VhdType type)
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content, type);

        BaseVhd child = await CreateAsync(folder, "child.vhd", "base.vhd");

        Assert.Equal((VhdFormat.Vhd, VhdType.Differencing, 12L * MiB), (child.VhdFormat, child.VhdType, child.Size));
        Assert.Equal(folder["base.vhd"], child.ParentPath);
        Assert.Equal(2 * MiB, child.BlockSize);
        Assert.Empty(child.Findings);
        Assert.InRange(child.FileSize, 1, 16_384);
        folder.AssertReads("child.vhd", content);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_ChainOfThree_ShowsTheTopmostData()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);
        ReferenceDisk middle = await folder.MakeDifferenceAsync("middle.vhd", "base.vhd", content, (512, 1024, 5), (6 * MiB, 4096, 0));
        ReferenceDisk top = await folder.MakeDifferenceAsync("top.vhd", "middle.vhd", middle, (1024, 512, 6), ((4 * MiB) - 512, 1024, 7));

        folder.AssertReads("base.vhd", content);
        folder.AssertReads("middle.vhd", middle);
        folder.AssertReads("top.vhd", top);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_ChildInAnotherFolder_FoundAfterBothMoved()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        Directory.CreateDirectory(folder["set/children"]);
        await folder.MakeAsync("set/base.vhd", content);
        ReferenceDisk child = await folder.MakeDifferenceAsync("set/children/child.vhd", "set/base.vhd", content, (0, 512, 8));

        Directory.Move(folder["set"], folder["moved"]);

        folder.AssertReads("moved/children/child.vhd", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_BlockSize_IsKept()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("base.vhd", DiskFolder.MakeContent());

        BaseVhd child = await CreateAsync(folder, "child.vhd", "base.vhd", blockSizeInBytes: 512 << 10);

        Assert.Equal(512 << 10, child.BlockSize);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("base.vhdx", "child.vhd", ErrorCode.DiskFormatUnsupported)]
    [InlineData("base.raw", "child.vhd", ErrorCode.DiskFormatUnsupported)]
    [InlineData("base.vhd", "child.vhdx", ErrorCode.DiskFormatUnsupported)]
    public async Task Create_NotVhd_Refused(string parentName, string name, ErrorCode code)
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync(parentName, DiskFolder.MakeContent());

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(() => CreateAsync(folder, name, parentName));

        Assert.Equal(code, exception.Code);
        Assert.Equal([parentName], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_OverItsParent_Refused()
    {
        using var folder = new DiskFolder();
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => CreateAsync(folder, "base.vhd", "base.vhd", overwrite: true));

        Assert.Equal(ErrorCode.InvalidArgument, exception.Code);
        folder.AssertReads("base.vhd", content);
    }

    private static Task<BaseVhd> CreateAsync(
        DiskFolder folder, string name, string parentName, long? blockSizeInBytes = null, bool overwrite = false) =>
        DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions
            {
                Path = folder[name],
                ParentPath = folder[parentName],
                BlockSizeInBytes = blockSizeInBytes,
                Overwrite = overwrite,
            },
            TestContext.Current.CancellationToken);
}
