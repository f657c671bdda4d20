using AzureVmRole.Shell.Hosting;
using AzureVmRole.Shell.Prompting;
using Xunit;

namespace AzureVmRole.Shell.Tests.Prompting;

public sealed class PromptTests
{
    [Fact]
    public void Run_Terminal_RunsLineByLineUntilExit()
    {
        TestTerminal terminal = new() { CanAsk = true };
        terminal.Type("Write-Output a\rWrite-Output b |\rSelect-Object\r$x\rexit 3\r");

        int exitCode = new Prompt(ShellRun.Session(terminal), terminal, "1.2").Run();

        Assert.Equal(3, exitCode);
        Assert.StartsWith("azvmrole 1.2: ", terminal.Output, StringComparison.Ordinal);
        Assert.EndsWith("a\nb\n", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("azvmrole: Line 1, column 1:", terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RedirectedInput_IsAScriptWithoutBanner()
    {
        TestTerminal terminal = new();
        terminal.Lines.Enqueue("Write-Output a |");
        terminal.Lines.Enqueue("  Select-Object");
        terminal.Lines.Enqueue("Invoke-Fault Throw");
        ShellSession session = ShellRun.Session(terminal);

        Assert.Equal(1, new Prompt(session, terminal, "1.2").Run());
        Assert.Equal("a\n", terminal.Output);
    }
}
