using System.Management.Automation;
using AzureVmRole.Shell.Formatting;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Format-Table: a row per object.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : FormatCommand
{
    /// <summary>Columns are always as wide as needed, so this changes nothing.</summary>
    [Parameter]
    public SwitchParameter AutoSize { get; set; }

    private protected override ViewShape Shape => ViewShape.Table;
}
