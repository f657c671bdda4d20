using System.Management.Automation;

namespace AzureVmRole.Shell.Formatting;

/// <summary>The views that are known, by type. The module's format file is read when the first object needs it.</summary>
internal sealed class FormatCatalogue
{
    private static readonly ObjectView CommandView = new(
        ViewShape.Table,
        [
            new ViewColumn("CommandType", "CommandType"),
            new ViewColumn("Name", "Name"),
            new ViewColumn("Version", "Version"),
            new ViewColumn("Source", "Source"),
        ]);

    private static readonly ObjectView FileView = new(
        ViewShape.Table,
        [
            new ViewColumn("LastWriteTime", "LastWriteTime", "{0:yyyy-MM-dd HH:mm}"),
            new ViewColumn("Length", "Length"),
            new ViewColumn("Name", "Name"),
        ]);

    private readonly string? _formatFile;
    private List<(string TypeName, ObjectView View)>? _views;

    /// <summary>Makes a catalogue.</summary>
    /// <param name="formatFile">The module's format file; null where there is none.</param>
    public FormatCatalogue(string? formatFile)
    {
        _formatFile = formatFile;
    }

    /// <summary>Returns the view of that shape, or the first of any shape, for an object; null when there is none.</summary>
    public ObjectView? Find(PSObject value, ViewShape? shape)
    {
        _views ??= Load();
        foreach (string typeName in value.TypeNames)
        {
            foreach ((string name, ObjectView view) in _views)
            {
                if (string.Equals(name, typeName, StringComparison.OrdinalIgnoreCase)
                    && (shape is null || view.Shape == shape))
                {
                    return view;
                }
            }
        }

        return null;
    }

    private List<(string TypeName, ObjectView View)> Load()
    {
        List<(string TypeName, ObjectView View)> views =
        [
            (typeof(CommandInfo).FullName!, CommandView),
            (typeof(FileSystemInfo).FullName!, FileView),
        ];
        if (_formatFile is not null && File.Exists(_formatFile))
        {
            views.AddRange(FormatFileReader.Read(_formatFile));
        }

        return views;
    }
}
