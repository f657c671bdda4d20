using System.Management.Automation;
using AzureVmRole.Engine.Storage;
using AzureVmRole.PowerShell.Completion;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on blobs: how its store is reached and authorised.</summary>
public abstract class StorageCommand : AsyncCommand
{
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
    [ArgumentCompleter(typeof(DiskFileCompleter))]
    public string? StorePath { get; set; }

    /// <summary>The connection that the parameters describe.</summary>
    /// <exception cref="DiskOperationException">The folder is of another provider, or on a drive that does not exist.</exception>
    private protected StoreConnection Connect() => new()
    {
        ConnectionString = ConnectionString,
        AccountKey = StorageKey,
        SharedAccessSignature = SasToken,
        FolderPath = StorePath is null ? null : ResolveLiteral(StorePath),
    };
}
