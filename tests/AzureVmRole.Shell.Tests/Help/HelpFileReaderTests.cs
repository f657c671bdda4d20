using AzureVmRole.Shell.Help;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.Help;

public sealed class HelpFileReaderTests
{
    private const string Maml =
        """
        <helpItems xmlns="http://msh" xmlns:maml="urn:maml" xmlns:command="urn:command" xmlns:dev="urn:dev">
          <command:command>
            <command:details>
              <command:name>Get-Widget</command:name>
              <maml:description><maml:para>Shows widgets.</maml:para></maml:description>
            </command:details>
            <maml:description><maml:para>First.</maml:para><maml:para>Second.</maml:para></maml:description>
            <command:parameters>
              <command:parameter required="false" position="0" pipelineInput="False" globbing="false">
                <maml:name>Count</maml:name>
                <maml:description><maml:para>How many.</maml:para></maml:description>
                <command:parameterValue>Int32</command:parameterValue>
                <dev:defaultValue>1</dev:defaultValue>
              </command:parameter>
            </command:parameters>
            <command:examples>
              <command:example>
                <maml:title>---------- Example 1: Two ----------</maml:title>
                <dev:code>Get-Widget 2</dev:code>
                <dev:remarks><maml:para>Shows two.</maml:para></dev:remarks>
              </command:example>
            </command:examples>
            <command:relatedLinks>
              <maml:navigationLink><maml:linkText>Set-Widget</maml:linkText></maml:navigationLink>
            </command:relatedLinks>
          </command:command>
        </helpItems>
        """;

    [Fact]
    public void GetHelp_PageInFile_ShowsIt()
    {
        using TemporaryFolder folder = new();

        string text = Help(folder, "Get-Help Get-Widget");

        Assert.Equal(
            """
            NAME
                Get-Widget

            SYNOPSIS
                Shows widgets.

            SYNTAX
                Get-Widget [[-Count] <int>] [<CommonParameters>]

            DESCRIPTION
                First.

                Second.

            RELATED LINKS
                Set-Widget

            """,
            text);
    }

    [Fact]
    public void GetHelp_Examples_ShowsThem()
    {
        using TemporaryFolder folder = new();

        Assert.Contains(
            "    -------- Example 1: Two --------\n\n    Get-Widget 2\n\n    Shows two.\n",
            Help(folder, "Get-Help Get-Widget -Examples"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void GetHelp_Parameter_ShowsItsFacts()
    {
        using TemporaryFolder folder = new();

        string text = Help(folder, "Get-Help Get-Widget -Parameter C*");

        Assert.StartsWith("-Count <Int32>\n    How many.\n", text, StringComparison.Ordinal);
        Assert.Contains("    Default value                 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void GetHelp_QuestionMark_IsTheSame()
    {
        using TemporaryFolder folder = new();

        Assert.Equal(Help(folder, "Get-Help Get-Widget"), Help(folder, "Get-Widget -?"));
    }

    [Fact]
    public void Read_OtherCommand_FindsNothing()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("help.xml"), Maml);

        Assert.Null(HelpFileReader.Read(folder.File("help.xml"), "Get-Nothing"));
    }

    private static string Help(TemporaryFolder folder, string line)
    {
        File.WriteAllText(folder.File("help.xml"), Maml);
        TestTerminal terminal = new();
        Shell.Hosting.ShellSession session = ShellRun.Session(terminal);
        session.Commands.HelpFile = folder.File("help.xml");
        session.Run(line);
        return terminal.Output;
    }
}
