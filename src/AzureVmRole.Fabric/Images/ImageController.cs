using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Images;

/// <summary>
/// Takes the lease on an image's VHD, so that the master never changes, and makes the VHD first where it is a copy of a disk. Names are saved before
/// anything is made.
/// </summary>
internal sealed class ImageController(FabricParts parts) : IResourceController
{
    private readonly MediaLedger _ledger = new(parts);

    /// <inheritdoc/>
    public ResourceType Type => ResourceType.Images;

    /// <inheritdoc/>
    public async Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (_ledger.Find(id) is not { } image)
        {
            return null;
        }

        try
        {
            if (image.State == ProvisioningState.Deleting)
            {
                await DeleteAsync(image, cancellationToken).ConfigureAwait(false);
            }
            else if (image.ObservedGeneration < image.Generation)
            {
                await BringAboutAsync(image, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FabricException fault) when (!FabricDatabase.IsItsOwn(fault))
        {
            await GiveUpAsync(image, fault, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async Task BringAboutAsync(Resource wanted, CancellationToken cancellationToken)
    {
        LocationMedia media = parts.Media.Of(wanted.Location);
        Resource? image = wanted;
        if (MediaDocument.BlobOf(image) is null)
        {
            string name = LocationMedia.NewBlobName(image.Id.Name);
            image = _ledger.Note(image.Id, (table, observed) =>
            {
                table.ClaimBlob(wanted.Location, name, wanted.Id);
                MediaDocument.Name(observed, name);
            });
        }

        if (image is not null && MediaDocument.SizeOf(image) is null)
        {
            long made = await CopyAsync(media, image, cancellationToken).ConfigureAwait(false);
            await media.FlushAsync(MediaDocument.BlobOf(image)!, cancellationToken).ConfigureAwait(false);
            image = _ledger.Note(image.Id, (_, observed) => observed[MediaDocument.SizeInBytes] = made);
        }

        if (image is null)
        {
            return;
        }

        string blob = MediaDocument.BlobOf(image)!;
        await media.LeaseAsync(blob, (string)image.Observed[MediaDocument.LeaseId]!, image.Id.Text, cancellationToken).ConfigureAwait(false);
        VhdInspection? vhd = await media.InspectAsync(blob, cancellationToken).ConfigureAwait(false);
        _ledger.Settle(wanted, (_, observed) => observed[ImageDocument.ContentState] = vhd?.ContentState);
    }

    /// <summary>
    /// The content of a captured machine's disk is what the caller says of the machine. Of any other disk it is what the disk's own metadata
    /// says, whatever the image says: a machine from the image is held back where they differ.
    /// </summary>
    private async Task<long> CopyAsync(LocationMedia media, Resource image, CancellationToken cancellationToken)
    {
        JsonObject disk = DocumentFields.Object(image.Desired, "properties", "storageProfile", "osDisk") ?? [];
        string? sourceId = DocumentFields.Text(disk, "managedDisk", "id") ?? DocumentFields.Text(disk, "snapshot", "id");
        Resource source = parts.Database.Read(table => MediaRules.RequireWhole(MediaRules.RequireSource(
            table, "properties.storageProfile.osDisk", sourceId, image.Location, ResourceType.Disks, ResourceType.Snapshots)));
        bool isCapture = DocumentFields.Text(image.Desired, "properties", "sourceVirtualMachine", "id") is not null;
        DiskIdentity identity = MediaDocument.IdentityOf(image, isCapture ? DocumentFields.Text(disk, "osState") : null);
        return await media.CopyAsync(parts.Media.Of(source.Location), MediaDocument.BlobOf(source)!, MediaDocument.BlobOf(image)!, identity, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task DeleteAsync(Resource image, CancellationToken cancellationToken)
    {
        if (MediaDocument.BlobOf(image) is { } blob)
        {
            LocationMedia media = parts.Media.Of(image.Location);
            string leaseId = (string)image.Observed[MediaDocument.LeaseId]!;
            if (MediaDocument.SizeOf(image) is null)
            {
                await media.DeleteUnfinishedAsync(blob, MediaDocument.IdentityOf(image), cancellationToken).ConfigureAwait(false);
            }
            else if (DocumentFields.Flag(image.Desired, MediaDocument.Hidden, "deleteVhd"))
            {
                await media.DeleteAsync(blob, leaseId, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await media.ReleaseAsync(blob, leaseId, cancellationToken).ConfigureAwait(false);
            }
        }

        _ledger.Forget(image);
    }

    /// <summary>Ends the operation. A copy that was begun is deleted; a VHD that was registered stays, and is nobody's again.</summary>
    private async Task GiveUpAsync(Resource tried, FabricException fault, CancellationToken cancellationToken)
    {
        bool isUnfinished = tried.State == ProvisioningState.Creating;
        if (isUnfinished && _ledger.Find(tried.Id) is { } image && MediaDocument.BlobOf(image) is { } blob)
        {
            LocationMedia media = parts.Media.Of(image.Location);
            await media.ReleaseAsync(blob, (string)image.Observed[MediaDocument.LeaseId]!, cancellationToken).ConfigureAwait(false);
            if (!ImageDocument.IsRegistered(image.Desired))
            {
                await media.DeleteUnfinishedAsync(blob, MediaDocument.IdentityOf(image), cancellationToken).ConfigureAwait(false);
            }
        }

        _ledger.Fail(tried, fault, (table, observed) =>
        {
            if (isUnfinished)
            {
                table.ReleaseBlobs(tried.Id);
                observed.Clear();
            }
        });
    }
}
