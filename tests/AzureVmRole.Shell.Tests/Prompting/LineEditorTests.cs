using AzureVmRole.Shell.Prompting;
using Xunit;

namespace AzureVmRole.Shell.Tests.Prompting;

public sealed class LineEditorTests
{
    private readonly TestTerminal _terminal = new() { CanAsk = true };
    private readonly LineEditor _editor;

    public LineEditorTests() => _editor = new LineEditor(_terminal, new Completer(ShellRun.Session(_terminal)));

    [Fact]
    public void ReadLine_TypedText_IsTheLine()
    {
        _terminal.Type("Get-It x\r");

        Assert.Equal("Get-It x", _editor.ReadLine("> "));
    }

    [Fact]
    public void ReadLine_EditingKeys_ChangeTheLine()
    {
        _terminal.Type("bcx\b");
        _terminal.Press(ConsoleKey.Home);
        _terminal.Type("a");
        _terminal.Press(ConsoleKey.End);
        _terminal.Type("dz");
        _terminal.Press(ConsoleKey.LeftArrow);
        _terminal.Press(ConsoleKey.Delete);
        _terminal.Type("\r");

        Assert.Equal("abcd", _editor.ReadLine("> "));
    }

    [Fact]
    public void ReadLine_Arrows_RecallHistory()
    {
        _terminal.Type("one\rtwo\r");
        _editor.ReadLine("> ");
        _editor.ReadLine("> ");
        _terminal.Press(ConsoleKey.UpArrow);
        _terminal.Press(ConsoleKey.UpArrow);
        _terminal.Press(ConsoleKey.UpArrow);
        _terminal.Press(ConsoleKey.DownArrow);
        _terminal.Type("!\r");

        Assert.Equal("two!", _editor.ReadLine("> "));
    }

    [Fact]
    public void ReadLine_ControlC_ClearsTheLine()
    {
        _terminal.Type("abc");
        _terminal.Press(ConsoleKey.C, control: true);
        _terminal.Type("d\r");

        Assert.Equal("d", _editor.ReadLine("> "));
    }

    [Fact]
    public void ReadLine_ControlDOnEmptyLine_EndsTheInput()
    {
        _terminal.Press(ConsoleKey.D, control: true);

        Assert.Null(_editor.ReadLine("> "));
    }

    [Fact]
    public void ReadLine_Tab_CompletesAndCycles()
    {
        _terminal.Type("Show-Ty\t -Te\t\t x\r");

        Assert.Equal("Show-Types -Texts x", _editor.ReadLine("> "));
    }
}
