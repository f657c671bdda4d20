using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Parsing;
using Xunit;

namespace AzureVmRole.Shell.Tests.Hosting;

public sealed class ShellSessionTests
{
    [Theory]
    [InlineData("Write-Output x", 0)]
    [InlineData("Invoke-Fault", 1)]
    [InlineData("Invoke-Fault -ErrorAction Ignore", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("Invoke-Fault; exit", 1)]
    [InlineData("Invoke-Fault; exit 0", 0)]
    [InlineData("exit", 0)]
    public void Run_Script_HasItsExitCode(string script, int expected) => Assert.Equal(expected, ShellRun.Of(script).ExitCode);

    [Fact]
    public void Run_Exit_EndsTheScript() => Assert.Equal(["a"], ShellRun.Of("Write-Output a; exit; Write-Output b").Lines);

    [Fact]
    public void Run_RefusedLine_RunsNothingOfTheScript()
    {
        TestTerminal terminal = new();
        ShellSession session = ShellRun.Session(terminal);

        Assert.Throws<ScriptSyntaxException>(() => session.Run("Write-Output a\n$x = 1"));

        Assert.Empty(terminal.Output);
    }

    [Fact]
    public void Run_ScriptFile_KnowsItsFolder()
    {
        TestTerminal terminal = new();

        ShellRun.Session(terminal).Run("Write-Output \"$PSScriptRoot/x\"", Path.GetFullPath("/scripts/a.ps1"));

        Assert.Equal(Path.GetDirectoryName(Path.GetFullPath("/scripts/a.ps1")) + "/x\n", terminal.Output);
    }
}
