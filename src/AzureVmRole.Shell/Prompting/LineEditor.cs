using System.Text;
using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Prompting;

/// <summary>Reads a line with history and completion.</summary>
internal sealed class LineEditor
{
    private readonly ITerminal _terminal;
    private readonly Completer _completer;
    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private string _prompt = "";
    private int _cursor;
    private int _historyIndex;
    private CompletionList? _completions;
    private int _completionIndex;

    public LineEditor(ITerminal terminal, Completer completer)
    {
        _terminal = terminal;
        _completer = completer;
    }

    /// <summary>Returns the line; null when the user ended the input (Ctrl-D on an empty line).</summary>
    public string? ReadLine(string prompt)
    {
        _prompt = prompt;
        _historyIndex = _history.Count;
        Replace("");
        while (true)
        {
            ConsoleKeyInfo key = _terminal.ReadKey();
            if (key.Key != ConsoleKey.Tab)
            {
                _completions = null;
            }

            bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    return Accept();
                case ConsoleKey.D when control && _line.Length == 0:
                    _terminal.WriteError("\n");
                    return null;
                case ConsoleKey.C when control:
                    _terminal.WriteError("^C\n");
                    Replace("");
                    break;
                case ConsoleKey.Tab:
                    CompleteWord();
                    break;
                default:
                    Edit(key, control);
                    break;
            }

            Draw();
        }
    }

    private string Accept()
    {
        _terminal.WriteError("\n");
        string line = _line.ToString();
        if (line.Length > 0 && (_history.Count == 0 || !string.Equals(_history[^1], line, StringComparison.Ordinal)))
        {
            _history.Add(line);
        }

        return line;
    }

    private void Edit(ConsoleKeyInfo key, bool control)
    {
        switch (key.Key)
        {
            case ConsoleKey.Backspace when _cursor > 0:
                _line.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _line.Length:
                _line.Remove(_cursor, 1);
                break;
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_line.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                _cursor = 0;
                break;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                _cursor = _line.Length;
                break;
            case ConsoleKey.U when control:
            case ConsoleKey.Escape:
                Replace("");
                break;
            case ConsoleKey.UpArrow:
                Recall(-1);
                break;
            case ConsoleKey.DownArrow:
                Recall(1);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }
    }

    private void Insert(char character)
    {
        if (!char.IsControl(character))
        {
            _line.Insert(_cursor++, character);
        }
    }

    private void Recall(int step)
    {
        _historyIndex = Math.Clamp(_historyIndex + step, 0, _history.Count);
        Replace(_historyIndex < _history.Count ? _history[_historyIndex] : "");
    }

    // Each Tab puts the next completion in place of the one before.
    private void CompleteWord()
    {
        if (_completions is null)
        {
            _completions = _completer.Complete(_line.ToString(), _cursor);
            _completionIndex = -1;
        }

        if (_completions.Texts.Count == 0)
        {
            _completions = null;
            return;
        }

        _completionIndex = (_completionIndex + 1) % _completions.Texts.Count;
        string text = _completions.Texts[_completionIndex];
        _line.Remove(_completions.Start, _cursor - _completions.Start);
        _line.Insert(_completions.Start, text);
        _cursor = _completions.Start + text.Length;
    }

    private void Replace(string text)
    {
        _line.Clear().Append(text);
        _cursor = text.Length;
        Draw();
    }

    private void Draw()
    {
        // A line longer than the terminal is shown from where the cursor stands.
        int room = Math.Max(10, _terminal.Width - _prompt.Length - 1);
        int from = Math.Max(0, _cursor - room);
        string shown = _line.ToString(from, Math.Min(_line.Length - from, room));
        int back = shown.Length - (_cursor - from);
        _terminal.WriteError($"\r\u001B[K{_prompt}{shown}" + (back > 0 ? $"\u001B[{back}D" : ""));
    }
}
