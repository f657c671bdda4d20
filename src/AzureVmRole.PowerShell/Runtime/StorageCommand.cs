using System.Management.Automation;
using AzureVmRole.Engine.Storage;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on blobs: how its store is reached and authorised, and which blobs it has written.</summary>
public abstract class StorageCommand : AsyncCommand
{
    private readonly HashSet<string> _writtenBlobs = new(StringComparer.Ordinal);

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConnectionString { get; set; }

    [Parameter]
    [Alias("sk")]
    [ValidateNotNullOrEmpty]
    public string? StorageKey { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SasToken { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderCompleter))]
    public string? StorePath { get; set; }

    /// <summary>Refuses two stores at once: names without a scheme would mean one of them, and nobody can tell which was meant.</summary>
    protected override void BeginProcessing()
    {
        if (ConnectionString is not null && StorePath is not null)
        {
            ThrowTerminatingError(ErrorRecords.From(new DiskOperationException(
                ErrorCode.InvalidArgument,
                StorePath,
                $"-ConnectionString names an account and -StorePath the folder store '{StorePath}', but a command works on one store.",
                "Leave one of the two out. A blob elsewhere can be named by its whole address.")));
        }
    }

    /// <summary>The connection that the parameters describe.</summary>
    /// <exception cref="DiskOperationException">The folder is of another provider, or on a drive that does not exist.</exception>
    private protected StoreConnection Connect() => new()
    {
        ConnectionString = ConnectionString,
        AccountKey = StorageKey,
        SharedAccessSignature = SasToken,
        FolderPath = StorePath is null ? null : ResolveLiteral(StorePath),
        Log = Log,
    };

    /// <summary>The address of a blob to write, unless this invocation has written it already.</summary>
    /// <exception cref="TransferException">It has.</exception>
    private protected string RequireNewBlob(string address)
    {
        string shown = AddressText.Show(address);
        return _writtenBlobs.Contains(shown)
            ? throw new TransferException(
                ErrorCode.BlobExists,
                shown,
                $"'{shown}' was already written by this command, so writing it again would destroy that disk.",
                "Give each disk a destination of its own.")
            : address;
    }

    /// <summary>Notes that the blob holds a disk now: -Overwrite replaces older blobs, never what this command made.</summary>
    private protected void RememberBlob(string address) => _writtenBlobs.Add(AddressText.Show(address));
}
