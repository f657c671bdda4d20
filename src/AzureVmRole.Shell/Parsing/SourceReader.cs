namespace AzureVmRole.Shell.Parsing;

/// <summary>Reads a script character by character and knows where it stands.</summary>
internal sealed class SourceReader
{
    /// <summary>What <see cref="Peek"/> returns at the end of the text.</summary>
    public const char End = '\0';

    private readonly string _text;

    public SourceReader(string text)
    {
        _text = text;
    }

    public int Index { get; private set; }

    public bool IsAtEnd => Index >= _text.Length;

    public SourcePosition Position => PositionOf(Index);

    public char Peek(int ahead = 0) => Index + ahead < _text.Length ? _text[Index + ahead] : End;

    public char Take()
    {
        char character = Peek();
        Index++;
        return character;
    }

    public void Skip(int count) => Index += count;

    public void Return(int index) => Index = index;

    public string Slice(int start) => _text[start..Index];

    /// <summary>Whether the text goes on with <paramref name="expected"/>, whatever its case.</summary>
    public bool Sees(string expected) =>
        string.Compare(_text, Index, expected, 0, expected.Length, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>Skips a line end where there is one.</summary>
    public bool TakeLineEnd()
    {
        if (Peek() == '\r' && Peek(1) == '\n')
        {
            Skip(2);
            return true;
        }

        if (Peek() is '\n' or '\r')
        {
            Skip(1);
            return true;
        }

        return false;
    }

    private SourcePosition PositionOf(int index)
    {
        int line = 1;
        int lineStart = 0;
        int end = Math.Min(index, _text.Length);
        for (int at = 0; at < end; at++)
        {
            if (_text[at] == '\n')
            {
                line++;
                lineStart = at + 1;
            }
        }

        return new SourcePosition(line, index - lineStart + 1);
    }
}
