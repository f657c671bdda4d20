using System.Management.Automation;
using AzureVmRole.Shell.Formatting;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>What Format-Table and Format-List share.</summary>
public abstract class FormatCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string[] Property { get; set; } = [];

    private protected abstract ViewShape Shape { get; }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        WriteObject(ValueText.IsScalar(PSObject.Unwrap(InputObject))
            ? InputObject
            : new FormattedObject(InputObject, Shape, Property));
    }
}
