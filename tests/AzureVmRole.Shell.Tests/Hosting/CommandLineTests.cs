using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Output;
using Xunit;

namespace AzureVmRole.Shell.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_File_IsTheFile() => Assert.Equal("a.ps1", CommandLine.Parse(["-NoProfile", "a.ps1"]).File);

    [Theory]
    [InlineData("-c")]
    [InlineData("-Command")]
    [InlineData("--command")]
    public void Parse_Command_TakesAllThatFollows(string name) =>
        Assert.Equal("Get-It -Path x", CommandLine.Parse([name, "Get-It", "-Path", "x"]).Command);

    [Fact]
    public void Parse_Options_AreRead()
    {
        ShellOptions options = CommandLine.Parse(["-NonInteractive", "-OutputFormat", "json", "-File", "a.ps1"]);

        Assert.Equal(
            new ShellOptions { NonInteractive = true, OutputFormat = OutputFormat.Json, File = "a.ps1" }, options);
    }

    [Theory]
    [InlineData("-Nope")]
    [InlineData("-OutputFormat")]
    [InlineData("-OutputFormat", "Xml")]
    [InlineData("-OutputFormat", "7")]
    [InlineData("a.ps1", "b.ps1")]
    [InlineData("-Command")]
    public void Parse_WrongArguments_Throws(params string[] arguments) =>
        Assert.Throws<UsageException>(() => CommandLine.Parse(arguments));
}
