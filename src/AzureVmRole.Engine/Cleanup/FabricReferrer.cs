using Azure;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// The resources of a subscription: images, disks, snapshots, and instances with unmanaged disks, in every location and resource group. Every page is read, or the search fails:
/// half a listing is no answer.
/// </summary>
/// <param name="connection">Who is asked.</param>
internal sealed class FabricReferrer(FabricConnection connection) : IReferrer
{
    private readonly RealPaths _paths = new();
    private Dictionary<string, string>? _holders;

    public string Description => $"the subscription {connection.State.SubscriptionId} at {connection.State.Endpoint.Host}";

    public bool IsCheap => connection.IsLocal;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _holders = null;
        var holders = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        await foreach ((DiskImageResource image, Uri? blob) in ReadAsync("images", connection.Subscription().GetDiskImagesAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false))
        {
            string holder = $"image '{image.Data.Name}'";
            Add(holders, blob, holder);
            Add(holders, image.Data.StorageProfile?.OSDisk?.BlobUri, holder);
            foreach (ImageDataDisk disk in image.Data.StorageProfile?.DataDisks ?? [])
            {
                Add(holders, disk.BlobUri, holder);
            }
        }

        await foreach ((ManagedDiskResource disk, Uri? blob) in ReadAsync("disks", connection.Subscription().GetManagedDisksAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false))
        {
            Add(holders, blob, $"disk '{disk.Data.Name}'");
            Add(holders, disk.Data.CreationData?.SourceUri, $"disk '{disk.Data.Name}', which was imported from it,");
        }

        await foreach ((SnapshotResource snapshot, Uri? blob) in ReadAsync("snapshots", connection.Subscription().GetSnapshotsAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false))
        {
            Add(holders, blob, $"snapshot '{snapshot.Data.Name}'");
            Add(holders, snapshot.Data.CreationData?.SourceUri, $"snapshot '{snapshot.Data.Name}'");
        }

        await AddInstancesAsync(holders, cancellationToken).ConfigureAwait(false);
        _holders = holders;
    }

    public BlobReference? Find(BlobProperties blob, Uri uri)
    {
        // A service that was not asked, or did not answer, has not said that nothing refers to the blob.
        Dictionary<string, string> holders = _holders ?? throw new CatalogueException(
            ErrorCode.ListingIncomplete, Description, $"The resources of {Description} have not been read.");
        return holders.TryGetValue(KeyOf(uri), out string? holder)
            ? new BlobReference(RetentionCode.Referenced, $"The {holder} of {Description} uses it.", holder)
            : null;
    }

    private async Task AddInstancesAsync(Dictionary<string, string> holders, CancellationToken cancellationToken)
    {
        AsyncPageable<VirtualMachineResource> machines = connection.Subscription().GetVirtualMachinesAsync(statusOnly: null, filter: null, expand: null, cancellationToken);
        await foreach ((VirtualMachineResource machine, _) in ReadAsync("instances", machines, cancellationToken).ConfigureAwait(false))
        {
            string holder = $"instance '{machine.Data.Name}'";
            VirtualMachineStorageProfile? storage = machine.Data.StorageProfile;
            Add(holders, storage?.OSDisk?.VhdUri, holder);
            Add(holders, storage?.OSDisk?.ImageUri, holder);
            Add(holders, machine.Data.BootDiagnostics?.StorageUri, holder);
            foreach (VirtualMachineDataDisk disk in storage?.DataDisks ?? [])
            {
                Add(holders, disk.VhdUri, holder);
                Add(holders, disk.ImageUri, holder);
            }
        }
    }

    private IAsyncEnumerable<(T Resource, Uri? Blob)> ReadAsync<T>(string what, AsyncPageable<T> pages, CancellationToken cancellationToken)
        where T : Azure.ResourceManager.ArmResource => Listing.ReadAsync(connection, what, pages, cancellationToken);

    private void Add(Dictionary<string, string> holders, Uri? uri, string holder)
    {
        if (uri is { IsAbsoluteUri: true })
        {
            holders.TryAdd(KeyOf(uri), holder);
        }
    }

    // An account has several end points (secondary, private): the name counts, whatever zone its host is in. Letters' case is left out: that keeps a blob too many at most.
    // A folder may be reached by links: the place counts where they lead.
    private string KeyOf(Uri uri)
    {
        string path = Uri.UnescapeDataString(uri.AbsolutePath);
        return uri.IsFile ? _paths.OfFile(uri.LocalPath) : uri.Host.Split('.')[0].Replace("-secondary", "", StringComparison.Ordinal) + path;
    }
}
