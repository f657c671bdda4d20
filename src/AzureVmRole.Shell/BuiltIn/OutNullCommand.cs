using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Out-Null: takes everything and writes nothing.</summary>
[Cmdlet(VerbsData.Out, "Null")]
public sealed class OutNullCommand : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }
}
