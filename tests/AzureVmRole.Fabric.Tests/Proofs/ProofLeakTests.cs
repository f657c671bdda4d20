using System.Diagnostics;
using System.Globalization;
using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>Runs while no other test of this process does: it counts what the process holds, and gives it a folder of its own for temporary files.</summary>
[CollectionDefinition(nameof(ProofLeakTests), DisableParallelization = true)]
public sealed class ProofLeakCollection;

/// <summary>One boot after the other: whatever a boot holds, its end gives back.</summary>
[Collection(nameof(ProofLeakTests))]
public sealed class ProofLeakTests : IDisposable
{
    private const string TemporaryFolderVariable = "TMPDIR";

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _disks = new();
    private readonly TemporaryFolder _scratch = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(TemporaryFolderVariable);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Boots => int.TryParse(Environment.GetEnvironmentVariable("AZVMROLE_GUEST_BOOTS"), CultureInfo.InvariantCulture, out int boots) ? boots : 1;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(TemporaryFolderVariable, _before);
        _scratch.Dispose();
        _disks.Dispose();
    }

    [Fact(Timeout = 1_800_000)]
    public async Task Boots_OneAfterTheOther_NothingIsLeft()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs Linux's /proc.");
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        string disk = _disks.File("os.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, 1, "good", Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        Environment.SetEnvironmentVariable(TemporaryFolderVariable, _scratch.Path);

        // The first one also starts what the runtime keeps for good: threads of sockets, of signals.
        await ProveAsync(disk);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = ProcessResources.Count();
        for (int boot = 0; boot < Boots; boot++)
        {
            await ProveAsync(disk);
        }

        var after = ProcessResources.Count();
        Assert.Equal(ProcessResources.Describe(before.Descriptors), ProcessResources.Describe(after.Descriptors));
        Assert.Equal(ProcessResources.Describe(before.Threads), ProcessResources.Describe(after.Threads));
        Assert.Empty(Directory.GetFileSystemEntries(_scratch.Path));
        foreach (int id in ProcessResources.ProcessesWith(_scratch.Path))
        {
            // The shell beside QEMU has been told to end, and nobody waits for it.
            await EndAsync(id);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Boots} boots. {ProcessResources.Describe(after.Descriptors)}. {ProcessResources.Describe(after.Threads)}.");
    }

    private static async Task ProveAsync(string disk)
    {
        ImageProofReport report = await ImageProof.RunAsync(
            new ImageProofOptions { Path = disk, MemoryInMiB = 512, Cores = 1, Limit = TimeSpan.FromMinutes(2) }, TimeProvider.System, Token);
        Assert.True(report.IsReady, report.Reason);
    }

    private static async Task EndAsync(int id)
    {
        try
        {
            using var left = Process.GetProcessById(id);
            await left.WaitForExitAsync(Token).WaitAsync(LongestFarewell, Token);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}
