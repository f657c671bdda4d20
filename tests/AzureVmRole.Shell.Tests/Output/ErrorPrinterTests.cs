using System.Management.Automation;
using System.Text.Json;
using AzureVmRole.Shell.Output;
using Xunit;

namespace AzureVmRole.Shell.Tests.Output;

public sealed class ErrorPrinterTests
{
    [Fact]
    public void Print_Text_ShowsMessageAndRecommendation()
    {
        TestTerminal terminal = new();

        new ErrorPrinter(terminal, OutputFormat.Text).Print(Error("Do this."));

        Assert.Equal("azvmrole: It broke.\n  Recommendation: Do this.\n", terminal.Error);
    }

    [Fact]
    public void Print_NoRecommendation_ShowsTheMessageOnly()
    {
        TestTerminal terminal = new();

        new ErrorPrinter(terminal, OutputFormat.Text).Print(Error(""));

        Assert.Equal("azvmrole: It broke.\n", terminal.Error);
    }

    [Fact]
    public void Print_Script_NamesFileAndLine()
    {
        using TestKit.TemporaryFolder folder = new();
        string file = folder.File("a.ps1");
        TestTerminal terminal = new();

        ShellRun.Session(terminal).Run("\nInvoke-Fault", file);

        Assert.Equal($"Invoke-Fault: The widget is broken.\n  Recommendation: Mend it.\n  At {file}:2\n", terminal.Error);
    }

    [Fact]
    public void Print_Json_IsALineWithEveryPart()
    {
        var run = ShellRun.Of("Invoke-Fault | Out-Null", format: OutputFormat.Json);

        JsonElement error = JsonDocument.Parse(run.Error).RootElement;
        Assert.Equal("Invoke-Fault", error.GetProperty("Command").GetString());
        Assert.Equal("The widget is broken.", error.GetProperty("Message").GetString());
        Assert.Equal(
            "WidgetBroken,AzureVmRole.Shell.Tests.Commands.InvokeFaultCommand", error.GetProperty("ErrorId").GetString());
        Assert.Equal("InvalidData", error.GetProperty("Category").GetString());
        Assert.Equal("w1", error.GetProperty("Target").GetString());
        Assert.Equal("Mend it.", error.GetProperty("RecommendedAction").GetString());
        Assert.Equal(1, error.GetProperty("Line").GetInt32());
    }

    private static ErrorRecord Error(string action) =>
        new(new InvalidOperationException("cause"), "Broken", ErrorCategory.InvalidData, "target")
        {
            ErrorDetails = new ErrorDetails("It broke.") { RecommendedAction = action },
        };
}
