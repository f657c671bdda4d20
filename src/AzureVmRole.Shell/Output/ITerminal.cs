namespace AzureVmRole.Shell.Output;

/// <summary>The process's three streams and what stands behind them.</summary>
internal interface ITerminal
{
    /// <summary>Whether somebody can answer a question.</summary>
    bool CanAsk { get; }

    /// <summary>Whether standard output is something other than a terminal.</summary>
    bool IsOutputRedirected { get; }

    /// <summary>Whether standard error is something other than a terminal.</summary>
    bool IsErrorRedirected { get; }

    /// <summary>The width of the terminal in characters.</summary>
    int Width { get; }

    /// <summary>Writes to standard output.</summary>
    void Write(string text);

    /// <summary>Writes to standard error.</summary>
    void WriteError(string text);

    /// <summary>Sends what was written to standard output on its way.</summary>
    void Flush();

    /// <summary>Reads a line from standard input; null at its end.</summary>
    string? ReadLine();

    /// <summary>Reads a key without showing it.</summary>
    ConsoleKeyInfo ReadKey();
}
