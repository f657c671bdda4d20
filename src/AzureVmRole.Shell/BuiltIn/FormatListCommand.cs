using System.Management.Automation;
using AzureVmRole.Shell.Formatting;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Format-List: a line per property.</summary>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : FormatCommand
{
    private protected override ViewShape Shape => ViewShape.List;
}
