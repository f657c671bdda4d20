using System.Text;
using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Tests;

/// <summary>A terminal that keeps what is written and answers from a script.</summary>
internal sealed class TestTerminal : ITerminal
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    public Queue<ConsoleKeyInfo> Keys { get; } = [];

    public Queue<string> Lines { get; } = [];

    public bool CanAsk { get; init; }

    public bool IsOutputRedirected { get; init; } = true;

    public bool IsErrorRedirected { get; init; } = true;

    public int Width { get; init; } = 120;

    public string Output => _output.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

    public string Error => _error.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);

    public void Write(string text) => _output.Append(text);

    public void WriteError(string text) => _error.Append(text);

    public void Flush()
    {
    }

    public string? ReadLine() => Lines.TryDequeue(out string? line) ? line : null;

    public ConsoleKeyInfo ReadKey() => Keys.Dequeue();

    /// <summary>Types text: each character is its key, and <c>\r</c> is Enter.</summary>
    public void Type(string text)
    {
        foreach (char character in text)
        {
            ConsoleKey key = character switch
            {
                '\r' => ConsoleKey.Enter,
                '\t' => ConsoleKey.Tab,
                '\b' => ConsoleKey.Backspace,
                _ when char.IsAsciiLetter(character) => (ConsoleKey)char.ToUpperInvariant(character),
                _ => ConsoleKey.None,
            };
            Keys.Enqueue(new ConsoleKeyInfo(character, key, shift: false, alt: false, control: false));
        }
    }

    public void Press(ConsoleKey key, bool control = false) =>
        Keys.Enqueue(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control));
}
