using System.Security.Cryptography;
using AzureVmRole.Engine.Images.Conversion;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>Tiny guests, good and bad, under real QEMU.</summary>
public sealed class ImageProofTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 180_000)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Proof_GoodImage_ReadyAndUntouched(int generation)
    {
        string disk = await MakeAsync(generation, "good");
        byte[] before = SHA256.HashData(await File.ReadAllBytesAsync(disk, Token));

        ImageProofReport report = await ProveAsync(disk);

        Assert.True(report.IsReady, report.Reason);
        Assert.Equal((null, generation), (report.Reason, report.Generation));
        Assert.Equal((true, "10.0.0.4", "TinyAgent"), (report.IsBooted, report.Address, report.Agent));
        Assert.False(report.Ssh.IsLoggedIn);
        Assert.Contains("refuses connections to port 22", report.Ssh.What, StringComparison.Ordinal);
        Assert.Contains(report.Steps, step => step.What.StartsWith("Took the address", StringComparison.Ordinal));
        Assert.Contains(report.Steps, step => step.What.StartsWith("Reported Ready", StringComparison.Ordinal));
        Assert.Contains("provisioned as proof user azvmrole", await File.ReadAllTextAsync(_folder.File("console"), Token), StringComparison.Ordinal);
        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(disk, Token)));
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_OnNvme_GuestSeesItSo_AndGeneration1IsRefused()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync(2, "good"), options => options with { DiskControllerType = DiskControllerType.NVMe });
        string disk = await MakeAsync(1, "good");
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => ProveAsync(disk, options => options with { DiskControllerType = DiskControllerType.NVMe }));

        Assert.True(report.IsReady, report.Reason);
        Assert.Contains("tiny: disks nvme0n1=131072", await File.ReadAllTextAsync(_folder.File("console"), Token), StringComparison.Ordinal);
        Assert.Equal((ErrorCode.RequestInvalid, disk), (refusal.Code, refusal.Target));
        Assert.Contains("expected generation 2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 180_000)]
    [InlineData("panic", "Kernel panic - not syncing")]
    [InlineData("noroot", "root file system is not found")]
    [InlineData("noloader", "There is no boot loader for a BIOS")]
    [InlineData("fail", "The tiny agent was told to fail.")]
    public async Task Proof_BadImage_NamesTheCause(string mode, string cause)
    {
        ImageProofReport report = await ProveAsync(await MakeAsync(1, mode));

        Assert.False(report.IsReady);
        Assert.Contains(cause, report.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_WrongGeneration_NothingToStartIsFound()
    {
        string disk = await MakeAsync(2, "good");

        ImageProofReport report = await ProveAsync(disk, options => options with { IsGeneration2 = false });

        Assert.False(report.IsReady);
        Assert.Contains("looks like one of generation 2", report.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_DiskOfGeneration1ByUefi_NothingToStartIsFound()
    {
        string disk = await MakeAsync(1, "good");

        ImageProofReport report = await ProveAsync(disk, options => options with { IsGeneration2 = true });

        Assert.Equal((false, false, 2), (report.IsReady, report.IsBooted, report.Generation));
        Assert.Contains("finds nothing to start", report.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_SshServer_LetsTheThrowAwayKeyIn()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("ssh"), "Needs ssh.");
        string disk = await MakeAsync(1, "ssh");

        ImageProofReport report = await ProveAsync(disk);

        Assert.True(report.IsReady, report.Reason);
        Assert.True(report.Ssh.IsLoggedIn, report.Ssh.What);
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_DifferencingDisk_FoldedAndUntouched()
    {
        string parent = _folder.File("base.vhd");
        string child = _folder.File("child.vhd");
        await DiskConversion.ConvertAsync(new DiskConversionOptions { SourcePath = await MakeAsync(1, "good"), DestinationPath = parent }, null, Token);
        await DifferenceCreation.CreateAsync(new DifferenceCreationOptions { Path = child, ParentPath = parent }, Token);
        byte[][] before = [await HashAsync(parent), await HashAsync(child)];
        var notes = new List<string>();

        ImageProofReport report = await ProveAsync(child, options => options with { Note = notes.Add });

        Assert.True(report.IsReady, report.Reason);
        Assert.Contains(notes, note => note.StartsWith("Folding", StringComparison.Ordinal));
        Assert.Equal(before, [await HashAsync(parent), await HashAsync(child)]);
        Assert.Equal(new string?[] { "base.vhd", "child.vhd", "console", "os.raw" }, Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task Proof_NoAgent_SaysWhatWasSeenLast()
    {
        ImageProofReport report = await ProveAsync(await MakeAsync(1, "noagent"), options => options with { Limit = TimeSpan.FromSeconds(30) });

        Assert.False(report.IsReady);
        Assert.Contains(": not ready after 00:00:30. ", report.Reason, StringComparison.Ordinal);
    }

    private static async Task<byte[]> HashAsync(string path) => SHA256.HashData(await File.ReadAllBytesAsync(path, Token));

    private async Task<string> MakeAsync(int generation, string mode)
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        string disk = _folder.File("os.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, generation, mode, Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        return disk;
    }

    private Task<ImageProofReport> ProveAsync(string disk, Func<ImageProofOptions, ImageProofOptions>? change = null)
    {
        var options = new ImageProofOptions { Path = disk, MemoryInMiB = 512, Cores = 1, Limit = TimeSpan.FromMinutes(2), ConsolePath = _folder.File("console") };
        return ImageProof.RunAsync(change?.Invoke(options) ?? options, TimeProvider.System, Token);
    }
}
