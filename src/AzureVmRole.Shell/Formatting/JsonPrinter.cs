using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Prints the objects of a pipeline as one JSON array, each as it comes: a long listing needs no memory.</summary>
internal sealed class JsonPrinter
{
    private const int Depth = 8;
    private const string Indent = "  ";

    private readonly ITerminal _terminal;
    private bool _hasItems;

    public JsonPrinter(ITerminal terminal)
    {
        _terminal = terminal;
    }

    public void Add(object? value)
    {
        object? shown = value is FormattedObject formatted ? formatted.Selected() : value;
        string json = JsonText.Write(shown, Depth - 1, compress: false, enumsAsStrings: true);
        string item = Indent + json.ReplaceLineEndings(Environment.NewLine + Indent);
        _terminal.Write((_hasItems ? "," : "[") + Environment.NewLine + item);
        _hasItems = true;
    }

    public void End()
    {
        _terminal.Write((_hasItems ? Environment.NewLine + "]" : "[]") + Environment.NewLine);
        _hasItems = false;
    }
}
