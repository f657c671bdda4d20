using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Output;
using AzureVmRole.Shell.Tests.Commands;
using Xunit;

namespace AzureVmRole.Shell.Tests.Pipelines;

public sealed class PipelineTests
{
    private const string Fault = "Invoke-Fault: The widget is broken.\n  Recommendation: Mend it.\n";

    [Fact]
    public void Run_ErrorWritten_PipelineAndScriptGoOn()
    {
        var run = ShellRun.Of("Invoke-Fault\nWrite-Output next");

        Assert.Equal(["went on", "ended", "next"], run.Lines);
        Assert.Equal(Fault, run.Error);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void Run_TerminatingError_EndsThePipelineOnly()
    {
        var run = ShellRun.Of("Write-Output 1 2 | Invoke-Fault Throw\nWrite-Output next");

        Assert.Equal(["next"], run.Lines);
        Assert.Equal(Fault, run.Error);
    }

    [Fact]
    public void Run_ErrorActionStop_EndsTheScript()
    {
        var run = ShellRun.Of("Invoke-Fault -ErrorAction Stop\nWrite-Output next");

        Assert.Empty(run.Output);
        Assert.Equal(Fault, run.Error);
        Assert.Equal(1, run.ExitCode);
    }

    [Theory]
    [InlineData("SilentlyContinue")]
    [InlineData("Ignore")]
    public void Run_ErrorActionQuiet_ShowsNothingAndCountsNothing(string preference)
    {
        var run = ShellRun.Of($"Invoke-Fault -ErrorAction {preference}");

        Assert.Equal(["went on", "ended"], run.Lines);
        Assert.Empty(run.Error);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Run_TerminatingError_IsNotSilencedByErrorAction() =>
        Assert.Equal(Fault, ShellRun.Of("Invoke-Fault Throw -ErrorAction SilentlyContinue").Error);

    [Fact]
    public void Run_UnknownException_IsAnErrorOfItsType()
    {
        var run = ShellRun.Of("Invoke-Fault Raw", format: OutputFormat.Json);

        Assert.Contains(
            "\"ErrorId\":\"System.InvalidOperationException,AzureVmRole.Shell.Tests.Commands.InvokeFaultCommand\"",
            run.Error,
            StringComparison.Ordinal);
        Assert.Contains("\"Category\":\"NotSpecified\"", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Streams_AreShownAsAsked()
    {
        Assert.Equal("WARNING: careful\n", ShellRun.Of("Invoke-Fault Warn").Error);
        Assert.Empty(ShellRun.Of("Invoke-Fault Warn -WarningAction SilentlyContinue").Error);
        Assert.Equal("VERBOSE: widget 1\nWARNING: all made\n", ShellRun.Of("Get-Widget -Verbose | Out-Null").Error);
    }

    [Fact]
    public void Run_WarningActionStop_EndsTheScript()
    {
        var run = ShellRun.Of("Invoke-Fault Warn -WarningAction Stop; Write-Output next");

        Assert.Empty(run.Output);
        Assert.Contains("is set to Stop: careful", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SelectFirst_StopsWhatIsBeforeAndEndsWhatIsBehind()
    {
        var run = ShellRun.Of("Get-Widget 5 -Verbose | Select-Object -First 2 | Invoke-Fault None");

        Assert.Equal(["went on", "went on", "ended"], run.Lines);
        Assert.Equal("VERBOSE: widget 1\nVERBOSE: widget 2\n", run.Error);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Run_UnknownCommand_NamesIt()
    {
        var run = ShellRun.Of("Get-Nothing\nWrite-Output next");

        Assert.Equal("Get-Nothing: The term 'Get-Nothing' is not recognized as a name of a command of AzureVmRole or of its shell.\n", run.Error);
        Assert.Equal(["next"], run.Lines);
    }

    [Fact(Timeout = 30_000)]
    public async Task Stop_WhileACmdletWaits_StopsItAndTheScript()
    {
        TestTerminal terminal = new();
        ShellSession session = ShellRun.Session(terminal);
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<bool> run = Task.Run(() => session.Run("Wait-Widget | Out-Null\nWrite-Output next"), token);
        await Task.Run(() => WaitWidgetCommand.IsWaiting.Wait(token), token);

        Assert.True(session.Stop());
        Assert.False(await run);

        Assert.Empty(terminal.Output);
        Assert.Equal(130, session.ExitCode);
        Assert.True(WaitWidgetCommand.WasDisposed);
        Assert.False(session.Stop());
    }
}
