using System.Management.Automation;
using AzureVmRole.Shell.Formatting;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>ConvertTo-Json: writes all input as one JSON text.</summary>
[Cmdlet(VerbsData.ConvertTo, "Json")]
[OutputType(typeof(string))]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _objects = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _objects.Add(InputObject);

    protected override void EndProcessing()
    {
        object? content = _objects.Count == 1 && !AsArray ? _objects[0] : _objects;
        WriteObject(JsonText.Write(content, Depth, Compress, EnumsAsStrings));
    }
}
