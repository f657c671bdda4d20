using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Prints the objects of a pipeline as one JSON array.</summary>
internal sealed class JsonPrinter
{
    private const int Depth = 8;

    private readonly ITerminal _terminal;
    private readonly List<object?> _objects = [];

    public JsonPrinter(ITerminal terminal)
    {
        _terminal = terminal;
    }

    public void Add(object? value) => _objects.Add(value is FormattedObject formatted ? formatted.Selected() : value);

    public void End()
    {
        string json = JsonText.Write(_objects, Depth, compress: false, enumsAsStrings: true);
        _terminal.Write(json + Environment.NewLine);
        _objects.Clear();
    }
}
