using System.Management.Automation;
using AzureVmRole.Shell.Output;

namespace AzureVmRole.Shell.Formatting;

/// <summary>Prints objects as people read them: text as lines, objects as tables or lists.</summary>
internal sealed class TextPrinter
{
    // As in PowerShell, an object of more properties than this is a list when no view says otherwise.
    private const int TableLimit = 4;

    private readonly ITerminal _terminal;
    private readonly FormatCatalogue _views;
    private readonly List<PSObject> _group = [];
    private ObjectView? _view;

    public TextPrinter(ITerminal terminal, FormatCatalogue views)
    {
        _terminal = terminal;
        _views = views;
    }

    public void Add(object? value)
    {
        object? plain = PSObject.Unwrap(value);
        if (ValueText.IsScalar(plain))
        {
            if (plain is not null)
            {
                AddLine(LanguagePrimitives.ConvertTo<string>(value));
            }

            return;
        }

        if (plain is not FormattedObject && LanguagePrimitives.GetEnumerable(plain) is { } elements)
        {
            foreach (object? element in elements)
            {
                Add(element);
            }

            return;
        }

        var formatted = plain as FormattedObject;
        var wrapper = PSObject.AsPSObject(formatted?.Value ?? value!);
        ObjectView view = ViewOf(wrapper, formatted);
        bool continues = _view is not null && view.Shape == _view.Shape && view.Columns.SequenceEqual(_view.Columns);
        if (!continues)
        {
            End();
            _view = view;
        }

        _group.Add(wrapper);
    }

    public void AddLine(string line)
    {
        End();
        _terminal.Write(line + Environment.NewLine);
        _terminal.Flush();
    }

    /// <summary>Prints the objects that were held back to make columns wide enough.</summary>
    public void End()
    {
        if (_view is { Columns.Count: > 0 } view)
        {
            int? width = _terminal.IsOutputRedirected ? null : _terminal.Width;
            _terminal.Write(view.Shape == ViewShape.Table
                ? TableText.Write(view, _group, width)
                : ListText.Write(view, _group, width));
        }

        _group.Clear();
        _view = null;
    }

    private ObjectView ViewOf(PSObject value, FormattedObject? formatted)
    {
        if (formatted is { Properties.Count: > 0 })
        {
            return ViewOf(PropertySelection.Names(value, formatted.Properties), formatted.Shape);
        }

        if (_views.Find(value, formatted?.Shape) is { } view)
        {
            return view;
        }

        List<string> names = [.. value.Properties.Select(property => property.Name)];
        return ViewOf(names, formatted?.Shape ?? (names.Count > TableLimit ? ViewShape.List : ViewShape.Table));
    }

    private static ObjectView ViewOf(IReadOnlyList<string> names, ViewShape shape) =>
        new(shape, [.. names.Select(name => new ViewColumn(name, name))]);
}
