using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Readiness;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Images.Readiness;

public sealed class ReadinessTestTests
{
    private const int MiB = DiskFolder.MiB;

    [Theory(Timeout = 60_000)]
    [InlineData("ef00", DiskGeneration.Gen2)]
    [InlineData("ef02", DiskGeneration.Gen1)]
    public async Task Test_PartitionedFixedVhd_IsReady(string typeCode, DiskGeneration generation)
    {
        using var folder = new DiskFolder();
        await MakeAsync(folder, "disk.vhd", VhdType.Fixed, 40 * MiB, typeCode);

        ReadinessReport report = await TestAsync(folder, "disk.vhd");

        Assert.True(report.IsReady);
        Assert.Empty(report.Findings);
        Assert.Equal((folder["disk.vhd"], generation, 40L * MiB), (report.Path, report.Generation, report.Size));
        Assert.Equal(14, report.Rules.Length);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("disk.vhdx", VhdType.Dynamic, 40, "ContainerFormat,ContainerType")]
    [InlineData("disk.raw", VhdType.Fixed, 40, "ContainerFormat")]
    [InlineData("disk.vhd", VhdType.Dynamic, 40, "ContainerType")]
    [InlineData("disk.vhd", VhdType.Fixed, 12, "SizeMinimum")]
    [InlineData("disk.vhd", VhdType.Dynamic, 12, "ContainerType,SizeMinimum")]
    public async Task Test_SeveralFaults_AllAreTold(string name, VhdType type, int mebibytes, string errors)
    {
        using var folder = new DiskFolder();
        await MakeAsync(folder, name, type, mebibytes * MiB, "ef00");

        ReadinessReport report = await TestAsync(folder, name);

        Assert.False(report.IsReady);
        string[] found = [.. report.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.RuleId)];
        Assert.Equal(errors.Split(','), found);
        Assert.All(report.Findings, finding => Assert.True(finding.Remedy.Length > 0 && finding.Expected.Length > 0 && finding.Found.Length > 0));
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_Difference_NamesItsParent()
    {
        using var folder = new DiskFolder();
        await MakeAsync(folder, "base.vhd", VhdType.Fixed, 40 * MiB, "ef00");
        await DifferenceCreation.CreateAsync(
            new DifferenceCreationOptions { Path = folder["child.vhd"], ParentPath = folder["base.vhd"] }, TestContext.Current.CancellationToken);

        ReadinessReport report = await TestAsync(folder, "child.vhd");

        DiskFinding finding = Assert.Single(report.Findings);
        Assert.Equal("ContainerParent", finding.RuleId);
        Assert.Contains(folder["base.vhd"], finding.Found, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_OtherGenerationAsked_StyleIsAnError()
    {
        using var folder = new DiskFolder();
        await MakeAsync(folder, "disk.vhd", VhdType.Fixed, 40 * MiB, "ef00");

        ReadinessReport report = await ReadinessTest.TestAsync(
            new ReadinessTestOptions { Path = folder["disk.vhd"], Generation = DiskGeneration.Gen1 }, TestContext.Current.CancellationToken);

        Assert.Contains(report.Findings, finding => finding is { RuleId: "GenerationStyle", Severity: FindingSeverity.Error });
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_EmptyDataDisk_IsReady()
    {
        using var folder = new DiskFolder();
        await DiskCreation.CreateAsync(
            new DiskCreationOptions { Path = folder["disk.vhd"], SizeInBytes = 2040L << 30 }, TestContext.Current.CancellationToken);

        ReadinessReport report = await ReadinessTest.TestAsync(
            new ReadinessTestOptions { Path = folder["disk.vhd"], IsDataDisk = true }, TestContext.Current.CancellationToken);

        Assert.True(report.IsReady);
        Assert.Empty(report.Findings);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_FileThatIsNoVhd_ReportsWhy()
    {
        using var folder = new DiskFolder();
        folder.MakeRaw("disk.vhd", DiskFolder.MakeContent());

        ReadinessReport report = await TestAsync(folder, "disk.vhd");

        Assert.False(report.IsReady);
        Assert.Equal(nameof(ErrorCode.VhdFooterMissing), Assert.Single(report.Findings).RuleId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Test_ParentIsGone_ReportsWhy()
    {
        using var folder = new DiskFolder();
        await folder.MakeAsync("base.vhd", DiskFolder.MakeContent());
        await folder.MakeDifferenceAsync("child.vhd", "base.vhd", DiskFolder.MakeContent());
        File.Delete(folder["base.vhd"]);

        ReadinessReport report = await TestAsync(folder, "child.vhd");

        Assert.Equal(nameof(ErrorCode.ParentNotFound), Assert.Single(report.Findings).RuleId);
    }

    private static async Task MakeAsync(DiskFolder folder, string name, VhdType type, int size, string typeCode)
    {
        Programs.Require("sgdisk");
        string source = folder.MakeRaw("source.img", new ReferenceDisk(size).Fill(2 * MiB, MiB, 1));
        await Programs.RunAsync("sgdisk", "-o", "-n", "1:2048:+8M", "-t", $"1:{typeCode}", source);
        await Operations.ConvertAsync(source, folder[name], type);
    }

    private static Task<ReadinessReport> TestAsync(DiskFolder folder, string name) =>
        ReadinessTest.TestAsync(new ReadinessTestOptions { Path = folder[name] }, TestContext.Current.CancellationToken);
}
