using Xunit;

namespace AzureVmRole.Shell.Tests.BuiltIn;

public sealed class OtherCommandsTests
{
    private const string Widgets = "Get-Widget 5 -WarningAction Ignore";

    [Theory]
    [InlineData("Select-Object -Skip 1 -First 2 -ExpandProperty Name", "w2,w3")]
    [InlineData("Select-Object -Last 2 | Select-Object -ExpandProperty Name", "w4,w5")]
    [InlineData("Select-Object -Skip 3 | Select-Object -ExpandProperty Tags", "t1,t2,t3,t4,t1,t2,t3,t4,t5")]
    [InlineData("Select-Object -First 0", "")]
    public void SelectObject_Objects_AreThoseAskedFor(string command, string expected) =>
        Assert.Equal(expected, string.Join(',', ShellRun.Of($"{Widgets} | {command}").Lines));

    [Fact]
    public void SelectObject_UnknownPropertyExpanded_IsAnError() =>
        Assert.Contains(
            "Property \"Nope\" cannot be found.", ShellRun.Of($"{Widgets} | select -exp Nope").Error, StringComparison.Ordinal);

    [Fact]
    public void GetCommand_Module_ListsItsCommands()
    {
        var run = ShellRun.Of("Get-Command -Module Tests -Verb Get | Select-Object -ExpandProperty Name");

        Assert.Equal(["Get-Widget"], run.Lines);
    }

    [Fact]
    public void GetCommand_Alias_IsTheCommandBehindIt() =>
        Assert.Equal(["Set-Location"], ShellRun.Of("Get-Command cd | select -exp Name").Lines);

    [Fact]
    public void GetCommand_UnknownName_IsAnError() => Assert.Equal(1, ShellRun.Of("Get-Command Get-Nothing").ExitCode);

    [Fact]
    public void GetCommand_Syntax_ShowsALinePerSet() =>
        Assert.Equal(
            [
                "Show-Path [-Path] <string[]> [[-Size] <int>] [-Rest <string[]>] [<CommonParameters>]",
                "Show-Path [[-Size] <int>] -LiteralPath <string[]> [-Rest <string[]>] [<CommonParameters>]",
            ],
            ShellRun.Of("Get-Command Show-Path -Syntax").Lines);

    [Theory]
    [InlineData("Import-Module AzureVmRole -Force", 0)]
    [InlineData("Import-Module ../AzureVmRole.psd1", 0)]
    [InlineData("Import-Module Az.Compute", 1)]
    public void ImportModule_OwnModuleOnly(string line, int exitCode) => Assert.Equal(exitCode, ShellRun.Of(line).ExitCode);

    [Fact]
    public void WriteHost_Text_IsShownBesideTheOutput()
    {
        Assert.Equal(["hello world"], ShellRun.Of("Write-Host hello world | Out-Null").Lines);
        Assert.Equal("hello\n", ShellRun.Of("Write-Host hello", format: Shell.Output.OutputFormat.Json).Error);
    }

    [Fact]
    public void Command_BehindItsModulesName_IsFound() =>
        Assert.Equal(["x"], ShellRun.Of(@"Microsoft.PowerShell.Utility\Write-Output x").Lines);
}
