using System.Text;

namespace AzureVmRole.Shell.Output;

#pragma warning disable RS0030 // The shell owns a terminal, and this is the one class that touches it.

/// <summary>The terminal of this process.</summary>
internal sealed class ConsoleTerminal : ITerminal, IDisposable
{
    private const int UsualWidth = 120;

    // Opened directly: Console.Out costs start-up time for encodings that are not wanted.
    private readonly StreamWriter _output;
    private readonly StreamWriter _error;

    public ConsoleTerminal()
    {
        UTF8Encoding encoding = new(encoderShouldEmitUTF8Identifier: false);
        if (OperatingSystem.IsWindows() && !(Console.IsOutputRedirected && Console.IsErrorRedirected))
        {
            Console.OutputEncoding = encoding;
        }

        _output = new StreamWriter(Console.OpenStandardOutput(), encoding);
        _error = new StreamWriter(Console.OpenStandardError(), encoding) { AutoFlush = true };
    }

    public bool CanAsk => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    public bool IsOutputRedirected => Console.IsOutputRedirected;

    public bool IsErrorRedirected => Console.IsErrorRedirected;

    public int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth;
            }
            catch (IOException)
            {
                return UsualWidth;
            }
        }
    }

    public void Write(string text) => _output.Write(text);

    public void WriteError(string text)
    {
        _output.Flush();
        _error.Write(text);
    }

    public void Flush() => _output.Flush();

    public string? ReadLine() => Console.In.ReadLine();

    public ConsoleKeyInfo ReadKey()
    {
        // Ctrl-C answers the question or clears the line; it must not leave a read behind that takes the next key.
        bool before = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = before;
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
