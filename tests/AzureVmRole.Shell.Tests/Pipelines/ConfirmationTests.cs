using Xunit;

namespace AzureVmRole.Shell.Tests.Pipelines;

public sealed class ConfirmationTests
{
    [Fact]
    public void ShouldProcess_WhatIf_TellsAndDoesNothing()
    {
        var run = ShellRun.Of("Set-Widget a -WhatIf");

        Assert.Equal(["What if: Performing the operation \"Paint\" on target \"a\".", "left a"], run.Lines);
    }

    [Fact]
    public void ShouldProcess_Verbose_TellsAndDoesIt()
    {
        var run = ShellRun.Of("Set-Widget a -Verbose");

        Assert.Equal("VERBOSE: Performing the operation \"Paint\" on target \"a\".\n", run.Error);
        Assert.Equal(["painted a"], run.Lines);
    }

    [Fact]
    public void ShouldProcess_HighImpactAndNobodyToAsk_IsAnErrorThatSaysWhatToPass()
    {
        var run = ShellRun.Of("Remove-Widget a");

        Assert.Empty(run.Output);
        Assert.StartsWith("Remove-Widget: A confirmation is needed and there is nobody to ask:", run.Error, StringComparison.Ordinal);
        Assert.Contains("  Recommendation: Pass -Confirm:$false", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void ShouldProcess_HighImpactAndConfirmOff_DoesIt() =>
        Assert.Equal(["removed a"], ShellRun.Of("Remove-Widget a -Confirm:$false").Lines);

    [Fact]
    public void ShouldProcess_MediumImpact_DoesNotAsk() => Assert.Equal(["painted a"], ShellRun.Of("Set-Widget a").Lines);

    [Theory]
    [InlineData("yn", "removed a", "kept b")]
    [InlineData("\r\r", "removed a", "removed b")]
    [InlineData("a", "removed a", "removed b")]
    [InlineData("l", "kept a", "kept b")]
    [InlineData("xn?y", "kept a", "removed b")]
    public void ShouldProcess_Answers_AreFollowed(string keys, string first, string second)
    {
        TestTerminal terminal = new() { CanAsk = true };
        terminal.Type(keys);

        var run = ShellRun.Of("Write-Output a b | Remove-Widget", terminal);

        Assert.Equal([first, second], run.Lines);
        Assert.Contains(
            "Confirm\nAre you sure you want to perform this action?\nPerforming the operation \"Remove-Widget\" on target \"a\".\n",
            run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ShouldProcess_ControlC_StopsThePipelineAndTheScript()
    {
        TestTerminal terminal = new() { CanAsk = true };
        terminal.Press(ConsoleKey.C, control: true);

        var run = ShellRun.Of("Write-Output a b | Remove-Widget; Write-Output next", terminal);

        Assert.Empty(run.Output);
        Assert.Equal(130, run.ExitCode);
    }

    [Fact]
    public void WhatIf_WithoutSupport_IsNoParameter() =>
        Assert.Contains("matches parameter name 'WhatIf'", ShellRun.Of("Get-Widget -WhatIf").Error, StringComparison.Ordinal);
}
