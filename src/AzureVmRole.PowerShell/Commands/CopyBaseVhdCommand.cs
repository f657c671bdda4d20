using System.Management.Automation;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Copying;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Lets the service copy a disk, within a store or from one account to another.</summary>
[Cmdlet(VerbsCommon.Copy, "BaseVhd", SupportsShouldProcess = true)]
[OutputType(typeof(VhdBlob))]
public sealed class CopyBaseVhdCommand : StorageCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("SourceUri", "src", "Uri", "Name")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string Source { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("dst", "MediaLocation")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string Destination { get; set; } = "";

    [Parameter]
    [Alias("o", "Force")]
    public SwitchParameter Overwrite { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceConnectionString { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceStorageKey { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceSasToken { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        StoreConnection connection = Connect();
        var options = new BlobCopyOptions
        {
            Source = Source,
            Destination = RequireNewBlob(AddressText.InContainer(Destination, AddressText.FileNameOf(Source))),
            Overwrite = Overwrite,
            Connection = connection,
            SourceConnection = ConnectSource(connection),
        };
        string shown = AddressText.Show(Source);
        string action = "Copy disk" + (Overwrite ? ", replacing a blob that is there" : "");
        if (ShouldProcess($"'{shown}' -> '{AddressText.Show(options.Destination)}'", action))
        {
            yield return new CommandWork(shown, async token =>
            {
                VhdBlob copy = await BlobCopy.CopyAsync(options, Progress, token).ConfigureAwait(false);
                RememberBlob(options.Destination);
                PostObject(copy);
            });
        }
    }

    private StoreConnection? ConnectSource(StoreConnection connection) =>
        SourceConnectionString is null && SourceStorageKey is null && SourceSasToken is null
            ? null
            : connection with
            {
                ConnectionString = SourceConnectionString,
                ConnectionStringGiver = "-" + nameof(SourceConnectionString),
                AccountKey = SourceStorageKey,
                SharedAccessSignature = SourceSasToken,
            };
}
