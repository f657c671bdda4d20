using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Optimization;
using AzureVmRole.Engine.Images.Repair;
using AzureVmRole.Engine.Tests.Killing;
using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

/// <summary>A disk that another process has open is neither read nor changed nor replaced.</summary>
public sealed class DiskInUseTests
{
    private const int MiB = DiskFolder.MiB;

    public static TheoryData<string> Names => ["convert", "overwrite", "resize", "optimize", "repair", "difference", "merge-top", "merge-parent"];

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Run_DiskHeldByAnotherProcess_Refused(string name)
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());
        await folder.MakeDifferenceAsync("child.vhd", "disk.vhd", DiskFolder.MakeContent(), (0, 512, 5));
        folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        using DiskFolder copy = folder.Copy();
        string held = name == "merge-top" ? "child.vhd" : "disk.vhd";
        AzureVmRoleException exception;
        using (var holder = new TargetProcess("hold", folder[held]))
        {
            await holder.StartAsync();
            exception = await Assert.ThrowsAnyAsync<AzureVmRoleException>(() => RunAsync(folder, name));
        }

        MisuseAssert.Tells(exception, ErrorCode.DiskInUse, folder[held]);
        MisuseAssert.IsUnchanged(folder, copy);
    }

    [Fact(Timeout = 60_000)]
    public async Task Convert_SourceReadByAnother_Works()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());
        using var reader = new FileStream(folder["disk.vhd"], FileMode.Open, FileAccess.Read, FileShare.Read);

        await Operations.ConvertAsync(folder["disk.vhd"], folder["new.vhd"]);

        folder.AssertReads("new.vhd", DiskFolder.MakeContent());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("resize")]
    [InlineData("optimize")]
    [InlineData("overwrite")]
    public async Task Run_DiskReadByAnother_Refused(string name)
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("disk.vhd", DiskFolder.MakeContent());
        folder.MakeRaw("source.raw", DiskFolder.MakeContent());
        using DiskFolder copy = folder.Copy();
        AzureVmRoleException exception;
        using (new FileStream(folder["disk.vhd"], FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            exception = await Assert.ThrowsAnyAsync<AzureVmRoleException>(() => RunAsync(folder, name));
        }

        MisuseAssert.Tells(exception, ErrorCode.DiskInUse, folder["disk.vhd"]);
        MisuseAssert.IsUnchanged(folder, copy);
    }

    private static Task RunAsync(DiskFolder folder, string name) => name switch
    {
        "convert" => Operations.ConvertAsync(folder["disk.vhd"], folder["new.vhd"]),
        "overwrite" => Operations.ConvertAsync(folder["source.raw"], folder["disk.vhd"], overwrite: true),
        "resize" => Operations.ResizeAsync(folder["disk.vhd"], 20 * MiB),
        "optimize" => DiskOptimization.OptimizeAsync(folder["disk.vhd"], null, TestContext.Current.CancellationToken),
        "repair" => DiskRepair.RepairAsync(folder["disk.vhd"], TestContext.Current.CancellationToken),
        "difference" => DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = folder["new.vhd"], ParentPath = folder["disk.vhd"] }, TestContext.Current.CancellationToken),
        _ => Operations.MergeAsync(folder["child.vhd"]),
    };
}
