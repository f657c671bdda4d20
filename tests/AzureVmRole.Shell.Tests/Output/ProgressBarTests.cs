using System.Management.Automation;
using AzureVmRole.Shell.Output;
using Xunit;

namespace AzureVmRole.Shell.Tests.Output;

public sealed class ProgressBarTests
{
    private const string Clear = "\r\u001B[K";

    [Fact]
    public void Describe_AllKnown_ShowsBarRateAndTimeLeft()
    {
        ProgressRecord record = new(1, "Copying", "1 GiB of 4 GiB, 200 MiB/s") { PercentComplete = 25, SecondsRemaining = 75 };

        Assert.Equal("Copying [######                  ]  25 %  1 GiB of 4 GiB, 200 MiB/s  1:15 left", ProgressBar.Describe(record));
    }

    [Fact]
    public void Describe_NothingKnown_ShowsTheStatus() =>
        Assert.Equal("Copying  starting", ProgressBar.Describe(new ProgressRecord(1, "Copying", "starting")));

    [Fact]
    public void Show_Terminal_DrawsOverItselfAndClearsBeforeOutput()
    {
        TestTerminal terminal = new() { IsErrorRedirected = false, Width = 30 };

        var run = ShellRun.Of("Write-Progresses", terminal);

        string bar = Clear + "Copying [######              ";
        Assert.Equal(bar + Clear + bar + Clear, run.Error);
        Assert.Equal(["between"], run.Lines);
    }

    [Fact]
    public void Show_Redirected_WritesNothing() => Assert.Empty(ShellRun.Of("Write-Progresses").Error);

    [Fact]
    public void Show_ProgressActionQuiet_WritesNothing()
    {
        TestTerminal terminal = new() { IsErrorRedirected = false };

        Assert.Empty(ShellRun.Of("Write-Progresses -ProgressAction SilentlyContinue", terminal).Error);
    }
}
