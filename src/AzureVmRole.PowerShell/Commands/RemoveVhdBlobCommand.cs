using System.Management.Automation;
using AzureVmRole.Engine.Storage.Removal;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Deletes a blob, or one snapshot of it.</summary>
[Cmdlet(VerbsCommon.Remove, "VhdBlob", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VhdBlob))]
public sealed class RemoveVhdBlobCommand : StorageCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string Name { get; set; } = "";

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? ETag { get; set; }

    [Parameter]
    public SwitchParameter IncludeSnapshot { get; set; }

    [Parameter]
    public SwitchParameter BreakLease { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new BlobRemovalOptions
        {
            Address = Name,
            ETag = ETag,
            WithSnapshots = IncludeSnapshot,
            BreakLease = BreakLease,
            Connection = Connect(),
        };
        string shown = AddressText.Show(Name);
        string action = "Delete" + (IncludeSnapshot ? " with its snapshots" : "") + (BreakLease ? ", breaking a lease that somebody holds" : "");
        if (ShouldProcess($"'{shown}'", action))
        {
            yield return new CommandWork(shown, async token =>
            {
                VhdBlob removed = await BlobRemoval.RemoveAsync(options, token).ConfigureAwait(false);
                if (PassThru)
                {
                    PostObject(removed);
                }
            });
        }
    }
}
