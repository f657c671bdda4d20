using AzureVmRole.Shell.Output;
using Xunit;

namespace AzureVmRole.Shell.Tests.Formatting;

public sealed class TextPrinterTests
{
    private const string Quiet = "-WarningAction Ignore";

    [Fact]
    public void Add_FewProperties_IsATableWithNumbersToTheRight()
    {
        var run = ShellRun.Of($"Get-Widget 2 {Quiet}");

        Assert.Equal(
            """

            Name Size Colour Tags
            ---- ---- ------ ----
            w1   1000  Green {t1}
            w2   2000  Green {t1, t2}


            """,
            run.Output);
    }

    [Fact]
    public void Add_FormatList_IsALinePerProperty()
    {
        var run = ShellRun.Of($"Get-Widget 1 {Quiet} | Format-List Name,T*");

        Assert.Equal("\nName : w1\nTags : {t1}\n\n", run.Output);
    }

    [Fact]
    public void Add_SelectedProperties_KeepTheirOrder()
    {
        var run = ShellRun.Of($"Get-Widget 1 {Quiet} | Select-Object Size,Name");

        Assert.Equal(["Size Name", "---- ----", "1000 w1"], run.Lines);
    }

    [Fact]
    public void Add_ManyElements_AreCutAfterFour()
    {
        var run = ShellRun.Of($"Get-Widget 6 {Quiet} | Select-Object -Last 1 -Property Tags");

        Assert.Equal("{t1, t2, t3, t4, …}", run.Lines[^1]);
    }

    [Fact]
    public void Add_TextAndNumbers_AreLinesAsTyped() =>
        Assert.Equal(["a b", "5", "1.50", "10GB", "True"], ShellRun.Of("Write-Output 'a b' 5 1.50 10GB $true").Lines);

    [Fact]
    public void Add_TextBetweenObjects_KeepsTheOrder()
    {
        var run = ShellRun.Of($"Get-Widget 1 {Quiet} | Select-Object Name; Write-Output x");

        Assert.Equal(["Name", "----", "w1", "x"], run.Lines);
    }

    [Fact]
    public void Add_NarrowTerminal_CutsTheWidestColumn()
    {
        Assert.Equal("w3   {t1, t2, t3}", LastOf(3, width: 20));
        Assert.Equal("w6   {t1, t2, t3, t…", LastOf(6, width: 20));
    }

    [Fact]
    public void Json_Objects_AreAnArrayWithNamesOfEnumerations()
    {
        var run = ShellRun.Of($"Get-Widget 1 {Quiet}", format: OutputFormat.Json);

        Assert.Equal(
            """
            [
              {
                "Name": "w1",
                "Size": 1000,
                "Colour": "Green",
                "Tags": [
                  "t1"
                ]
              }
            ]

            """,
            run.Output);
    }

    [Fact]
    public void Json_FormatTable_KeepsTheChosenProperties()
    {
        var run = ShellRun.Of($"Get-Widget 1 {Quiet} | Format-Table Name", format: OutputFormat.Json);

        Assert.Equal("[\n  {\n    \"Name\": \"w1\"\n  }\n]\n", run.Output);
    }

    [Fact]
    public void Json_EachPipeline_IsAnArrayOfItsOwn() =>
        Assert.Equal("[\n  \"a\"\n]\n[]\n", ShellRun.Of("Write-Output a; Out-Null", format: OutputFormat.Json).Output);

    private static string LastOf(int count, int width)
    {
        string line = $"Get-Widget {count} {Quiet} | Select-Object -Last 1 -Property Name,Tags";
        return ShellRun.Of(line, new TestTerminal { IsOutputRedirected = false, Width = width }).Lines[^1];
    }
}
