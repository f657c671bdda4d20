using System.Diagnostics;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Hosting;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Hosting;

/// <summary>The program as a process: starts, says where it is, stops on a signal, and tells in its exit code how it ended.</summary>
public sealed class ProgramTests
{
    private static readonly string ProgramPath = typeof(DaemonRun).Assembly.Location;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Run_UntilSigterm_LeavesNoNoteAndEndsWithZero()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var home = new TemporaryFolder();
        using Process first = Start(home.Path);
        try
        {
            string? started = await first.StandardOutput.ReadLineAsync(Stop);
            Assert.StartsWith("https://127.0.0.1:", started, StringComparison.Ordinal);
            string note = Path.Combine(home.Path, "fabric", "fabric.json");
            Assert.Equal(first.Id, JsonNode.Parse(await File.ReadAllTextAsync(note, Stop))!["processId"]!.GetValue<int>());

            ProgramResult second = await ExternalProgram.RunAsync(Stop, "dotnet", ProgramPath, "--home", home.Path);
            Assert.Equal((int)ExitCode.HomeInUse, second.ExitCode);
            Assert.Contains($"process {first.Id}", second.Error, StringComparison.Ordinal);
            Assert.True(File.Exists(note));

            await ExternalProgram.RunAsync(Stop, "kill", "-TERM", $"{first.Id}");
            await first.WaitForExitAsync(Stop);
            Assert.Equal((int)ExitCode.Stopped, first.ExitCode);
            Assert.False(File.Exists(note));
        }
        finally
        {
            first.Kill();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_TokenThatOthersCanRead_EndsWithItsCode()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var home = new TemporaryFolder();
        string folder = Directory.CreateDirectory(Path.Combine(home.Path, "fabric")).FullName;
        string token = Path.Combine(folder, "token");
        await File.WriteAllTextAsync(token, new string('a', 43), Stop);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        ProgramResult result = await ExternalProgram.RunAsync(Stop, "dotnet", ProgramPath, "--home", home.Path);
        Assert.Equal((int)ExitCode.FileUnsafe, result.ExitCode);
        Assert.Contains("Recommendation:", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--home is missing")]
    [InlineData("--port", "--home", "h", "--port", "x")]
    [InlineData("is none that this program knows", "--home", "h", "--what")]
    [InlineData("--locations", "--home", "h", "--locations", "a b,../c")]
    [InlineData("--simulated-latency", "--home", "h", "--simulated-latency", "soon")]
    [InlineData("given twice", "--home", "h", "--home", "i")]
    public void Parse_WrongCommandLine_NamesWhatIsWrong(string finding, params string[] arguments) =>
        Assert.Contains(finding, Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1.5s", 1500)]
    [InlineData("00:00:02", 2000)]
    public void Parse_Latency_IsRead(string text, int milliseconds)
    {
        DaemonOptions options = CommandLine.Parse(["--home", "h", "--simulated-latency", text, "--locations", "East1, west2", "--port", "0"]);
        Assert.Equal(milliseconds, options.Fabric.SimulatedLatency.TotalMilliseconds);
        Assert.Equal("east1 west2", string.Join(' ', options.Fabric.Locations));
    }

    private static Process Start(string home) => Process.Start(
        new ProcessStartInfo("dotnet", [ProgramPath, "--home", home]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
