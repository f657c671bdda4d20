using System.Management.Automation;
using AzureVmRole.Engine.Storage.Inspection;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Lists the disks in storage.</summary>
[Cmdlet(VerbsCommon.Get, "VhdBlob")]
[OutputType(typeof(VhdBlob))]
public sealed class GetVhdBlobCommand : StorageCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter IncludeSnapshot { get; set; }

    [Parameter]
    public SwitchParameter IncludeDeleted { get; set; }

    [Parameter]
    public SwitchParameter All { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord() =>
        Name.Length == 0 ? [List(null)] : Name.Select(List);

    private CommandWork List(string? address)
    {
        var query = new BlobQuery
        {
            Address = address,
            IncludeSnapshots = IncludeSnapshot,
            IncludeDeleted = IncludeDeleted,
            AllBlobs = All,
            Connection = Connect(),
        };
        return new CommandWork(AddressText.Show(address ?? "*"), async token =>
        {
            await foreach (VhdBlob blob in BlobInspection.FindAsync(query, token).ConfigureAwait(false))
            {
                PostObject(blob);
            }
        });
    }
}
