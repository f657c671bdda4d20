using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Reparenting;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Reparenting;

public sealed class DiskReparentTests
{
    private const int MiB = DiskFolder.MiB;

    [Fact(Timeout = 60_000)]
    public async Task Reparent_ParentMoved_ChildShowsItsContentAgain()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk _, ReferenceDisk child) = await MakeAsync(folder);
        Directory.CreateDirectory(folder["elsewhere"]);
        File.Move(folder["base.vhd"], folder["elsewhere/renamed.vhd"]);

        BaseVhd disk = await ReparentAsync(folder, "child.vhd", "elsewhere/renamed.vhd");

        Assert.Equal(folder["elsewhere/renamed.vhd"], disk.ParentPath);
        folder.AssertReads("child.vhd", child);
        Assert.Equal(["child.vhd", "elsewhere/renamed.vhd"], folder.Names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reparent_ParentTouched_StampIsAccepted()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk _, ReferenceDisk child) = await MakeAsync(folder);
        File.SetLastWriteTimeUtc(folder["base.vhd"], new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        await ReparentAsync(folder, "child.vhd", "base.vhd");

        folder.AssertReads("child.vhd", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reparent_OtherId_OnlyWhenAskedFor()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk content, ReferenceDisk child) = await MakeAsync(folder);
        await folder.MakeAsync("copy.vhd", content, VhdType.Dynamic);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => ReparentAsync(folder, "child.vhd", "copy.vhd"));
        folder.AssertReads("child.vhd", child);
        BaseVhd disk = await ReparentAsync(folder, "child.vhd", "copy.vhd", ignoreIdMismatch: true);

        Assert.Equal((ErrorCode.ParentIdentityMismatch, folder["child.vhd"]), (exception.Code, exception.Target));
        Assert.Equal(folder["copy.vhd"], disk.ParentPath);
        folder.AssertReads("child.vhd", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reparent_MiddleOfAChain_TopStaysReadableAfterItsTurn()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk _, ReferenceDisk child) = await MakeAsync(folder);
        ReferenceDisk top = await folder.MakeDifferenceAsync("top.vhd", "child.vhd", child, (4096, 512, 7));
        File.Move(folder["base.vhd"], folder["moved.vhd"]);

        await ReparentAsync(folder, "child.vhd", "moved.vhd");
        await ReparentAsync(folder, "top.vhd", "child.vhd");

        folder.AssertReads("top.vhd", top);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reparent_OntoItsOwnChild_Refused()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk _, ReferenceDisk child) = await MakeAsync(folder);
        await folder.MakeDifferenceAsync("top.vhd", "child.vhd", child);

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => ReparentAsync(folder, "child.vhd", "top.vhd", ignoreIdMismatch: true));

        Assert.Equal(ErrorCode.ParentCycle, exception.Code);
        folder.AssertReads("child.vhd", child);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reparent_AgainAndAgain_FileGrowsByPathsOnly()
    {
        using var folder = new DiskFolder();
        (ReferenceDisk _, ReferenceDisk child) = await MakeAsync(folder);
        long length = new FileInfo(folder["child.vhd"]).Length;

        for (int turn = 0; turn < 5; turn++)
        {
            await ReparentAsync(folder, "child.vhd", "base.vhd");
        }

        Assert.InRange(new FileInfo(folder["child.vhd"]).Length, length, length + (5 * 4096));
        folder.AssertReads("child.vhd", child);
        Assert.Empty((await DiskInspection.InspectAsync(folder["child.vhd"], TestContext.Current.CancellationToken)).Findings);
    }

    private static async Task<(ReferenceDisk Base, ReferenceDisk Child)> MakeAsync(DiskFolder folder)
    {
        ReferenceDisk content = DiskFolder.MakeContent();
        await folder.MakeAsync("base.vhd", content);
        return (content, await folder.MakeDifferenceAsync("child.vhd", "base.vhd", content, (1024, 4096, 5), (6 * MiB, 512, 0)));
    }

    private static Task<BaseVhd> ReparentAsync(
        DiskFolder folder, string name, string parentName, bool ignoreIdMismatch = false) => DiskReparent.ReparentAsync(
        new ReparentOptions { Path = folder[name], ParentPath = folder[parentName], IgnoreIdMismatch = ignoreIdMismatch },
        TestContext.Current.CancellationToken);
}
