using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Proofs;

/// <summary>A proof as a process of its own: what it tells, and that it ends with whoever started it.</summary>
public sealed class ProofRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Prove_WrongArguments_OneErrorLineAndItsExitCode()
    {
        using var process = new ProvingProcess("--generation", "9");

        JsonNode? error = await process.ReadAsync("error", Stop);
        await process.WaitAsync(Stop);

        Assert.Equal("InvalidArgument", error!["code"]!.GetValue<string>());
        Assert.Contains("--path is missing", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((int)ExitCode.Usage, process.ExitCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Prove_NoSuchFile_TheErrorOfTheEngine()
    {
        using var process = new ProvingProcess("--path", _folder.File("missing.vhd"));

        JsonNode? error = await process.ReadAsync("error", Stop);
        await process.WaitAsync(Stop);

        Assert.Equal(("FileNotFound", _folder.File("missing.vhd")), (error!["code"]!.GetValue<string>(), error["target"]!.GetValue<string>()));
        Assert.Equal((int)ExitCode.Failed, process.ExitCode);
        Assert.Empty(process.Files);
    }

    [Fact(Timeout = 180_000)]
    public async Task Prove_InputEnds_EndsWithItAndLeavesNothing()
    {
        using ProvingProcess process = await StartBootedAsync();

        process.Input.Close();
        await process.WaitAsync(Stop);

        AssertNothingIsLeft(process, (int)ExitCode.Interrupted);
    }

    [Fact(Timeout = 180_000)]
    public async Task Prove_Sigterm_EndsAndLeavesNothing()
    {
        using ProvingProcess process = await StartBootedAsync();

        await ExternalProgram.RunAsync(Stop, "kill", "-TERM", $"{process.Id}");
        await process.WaitAsync(Stop);

        AssertNothingIsLeft(process, (int)ExitCode.Interrupted);
    }

    [Fact(Timeout = 180_000)]
    public async Task Prove_Killed_GuestEndsAndTheNextProofRemovesTheFiles()
    {
        using ProvingProcess process = await StartBootedAsync();

        process.Kill();
        await process.WaitAsync(Stop);
        Assert.NotEmpty(process.Files);
        await process.RunAnotherAsync(["--path", _folder.File("missing.vhd"), "--memory", "256"], Stop);
        while (process.Guests.Any())
        {
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        Assert.Empty(process.Files);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(process.Home, "proofs"), "*.proof"));
    }

    private static void AssertNothingIsLeft(ProvingProcess process, int exitCode)
    {
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Empty(process.Guests);
        Assert.Empty(process.Files);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(process.Home, "proofs"), "*.proof"));
    }

    /// <summary>A proof whose guest runs, and will never be ready.</summary>
    private async Task<ProvingProcess> StartBootedAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs Linux and qemu-system-x86_64.");
        string disk = _folder.File("os.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, 1, "noagent", Stop);
        Assert.SkipWhen(problem is not null, problem ?? "");
        var process = new ProvingProcess("--path", disk, "--memory", "256", "--cores", "1");
        JsonNode? said = await process.ReadAsync("console", Stop);
        Assert.NotNull(said);
        Assert.NotEmpty(process.Guests);
        return process;
    }
}
