using System.Management.Automation;
using AzureVmRole.Shell.Formatting;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Select-Object: some of the objects, or some of their properties.</summary>
[Cmdlet(VerbsCommon.Select, "Object")]
public sealed class SelectObjectCommand : PSCmdlet
{
    private readonly Queue<PSObject> _last = [];
    private int _seen;
    private int _written;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string[] Property { get; set; } = [];

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? First { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? Last { get; set; }

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || ++_seen <= Skip)
        {
            return;
        }

        if (Last is { } count)
        {
            _last.Enqueue(InputObject);
            if (_last.Count > count)
            {
                _last.Dequeue();
            }

            return;
        }

        if (First is null || _written < First)
        {
            _written++;
            Write(InputObject);
        }

        if (_written >= First)
        {
            throw new UpstreamStoppedException(this);
        }
    }

    protected override void EndProcessing()
    {
        foreach (PSObject item in _last)
        {
            Write(item);
        }
    }

    private void Write(PSObject item)
    {
        if (ExpandProperty is not null)
        {
            WriteExpanded(item, ExpandProperty);
        }
        else
        {
            WriteObject(Property.Length == 0 ? item : PropertySelection.Select(item, Property));
        }
    }

    private void WriteExpanded(PSObject item, string name)
    {
        if (item.Properties[name] is { } property)
        {
            WriteObject(property.Value, enumerateCollection: true);
            return;
        }

        PSInvalidOperationException error = new($"Property \"{name}\" cannot be found.");
        WriteError(new ErrorRecord(error, "ExpandPropertyNotFound", ErrorCategory.InvalidArgument, item));
    }
}
