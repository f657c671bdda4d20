using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Disks;

/// <summary>
/// Makes the blobs of disks, or of snapshots, makes them longer, and deletes them. The names of a blob are saved before it is made; its size is saved when
/// it is whole. What a kill leaves is therefore known by its name and by the unique id in its metadata, and is gone on with or deleted.
/// </summary>
/// <param name="type">Which of the two.</param>
/// <param name="parts">The fabric.</param>
internal sealed class DiskController(ResourceType type, FabricParts parts) : IResourceController
{
    private readonly MediaLedger _ledger = new(parts);

    /// <inheritdoc/>
    public ResourceType Type => type;

    /// <inheritdoc/>
    public async Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken)
    {
        if (_ledger.Find(id) is not { } disk)
        {
            return null;
        }

        try
        {
            if (disk.State == ProvisioningState.Deleting)
            {
                await DeleteAsync(disk, cancellationToken).ConfigureAwait(false);
            }
            else if (disk.ObservedGeneration < disk.Generation)
            {
                await BringAboutAsync(disk, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (FabricException fault) when (!FabricDatabase.IsItsOwn(fault))
        {
            await GiveUpAsync(disk, fault, cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async Task BringAboutAsync(Resource wanted, CancellationToken cancellationToken)
    {
        LocationMedia media = parts.Media.Of(wanted.Location);
        Resource? disk = wanted;
        bool isNew = false;
        if (MediaDocument.BlobOf(disk) is null)
        {
            disk = await NameAsync(disk, cancellationToken).ConfigureAwait(false);
        }

        if (disk is not null && MediaDocument.SizeOf(disk) is null)
        {
            long made = await MakeAsync(media, disk, cancellationToken).ConfigureAwait(false);
            isNew = true;
            disk = _ledger.Note(disk.Id, (_, observed) => observed[MediaDocument.SizeInBytes] = made);
        }

        if (disk is not null)
        {
            await FinishAsync(media, wanted, disk, isNew, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FinishAsync(LocationMedia media, Resource wanted, Resource disk, bool isNew, CancellationToken cancellationToken)
    {
        string blob = MediaDocument.BlobOf(disk)!;
        string? leaseId = (string?)disk.Observed[MediaDocument.LeaseId];
        long size = MediaDocument.SizeOf(disk) ?? 0;
        if (DiskDocument.WantedSize(wanted.Desired) is { } larger && larger > size)
        {
            await media.GrowAsync(blob, size, larger, MediaDocument.IdentityOf(disk).UniqueId, leaseId, cancellationToken).ConfigureAwait(false);
            size = larger;
        }

        bool hasMaster = Is(DiskDocument.CreateOption(wanted), "FromImage");
        if (isNew && !hasMaster)
        {
            await media.FlushAsync(blob, cancellationToken).ConfigureAwait(false);
        }

        if (Type == ResourceType.Snapshots && leaseId is not null)
        {
            // Nobody writes to a snapshot.
            await media.LeaseAsync(blob, leaseId, disk.Id.Text, cancellationToken).ConfigureAwait(false);
        }

        _ledger.Settle(wanted, (_, observed) =>
        {
            observed[MediaDocument.SizeInBytes] = size;
            observed.Remove(MediaDocument.Message);
        });
        if (isNew && hasMaster)
        {
            // Its machine need not wait for the volume: what a loss of power takes can be made again, the master stays.
            await media.FlushAsync(blob, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Saves the names of what is made next. The VHD of an Import that is nobody's and in the location's own store becomes the disk itself.</summary>
    private async Task<Resource?> NameAsync(Resource disk, CancellationToken cancellationToken)
    {
        VhdInspection? vhd = await FindRegisterableAsync(disk, cancellationToken).ConfigureAwait(false);
        string name = LocationMedia.NewBlobName(disk.Id.Name);
        return _ledger.Note(disk.Id, (table, observed) =>
        {
            if (vhd is not null && table.ClaimBlob(disk.Location, vhd.Blob, disk.Id) == disk.Id)
            {
                MediaDocument.Register(observed, vhd);
            }
            else if (table.ClaimBlob(disk.Location, name, disk.Id) == disk.Id)
            {
                MediaDocument.Name(observed, name);
            }
            else
            {
                throw new InvalidOperationException($"The name '{name}' was drawn twice.");
            }
        });
    }

    private async Task<VhdInspection?> FindRegisterableAsync(Resource disk, CancellationToken cancellationToken)
    {
        if (Type != ResourceType.Disks || !Is(DiskDocument.CreateOption(disk), "Import"))
        {
            return null;
        }

        (LocationMedia media, string blob) = FindSource(disk);
        if (media.Location != disk.Location)
        {
            return null;
        }

        VhdInspection vhd = await media.InspectAsync(blob, cancellationToken).ConfigureAwait(false) ?? throw MediaErrors.NoBlob("sourceUri", blob, media.Location);
        return vhd.IsFit ? vhd : throw MediaErrors.Unfit("sourceUri", vhd);
    }

    private async Task<long> MakeAsync(LocationMedia media, Resource disk, CancellationToken cancellationToken)
    {
        string blob = MediaDocument.BlobOf(disk)!;
        DiskIdentity identity = MediaDocument.IdentityOf(disk);
        if (Is(DiskDocument.CreateOption(disk), "Empty"))
        {
            long size = DiskDocument.WantedSize(disk.Desired)
                ?? throw DocumentFields.Invalid("diskSizeGB", $"The empty disk '{disk.Id.Name}' has no size.", "Give diskSizeGB.");
            await media.CreateEmptyAsync(blob, size, identity, cancellationToken).ConfigureAwait(false);
            return size;
        }

        (LocationMedia sourceMedia, string source) = FindSource(disk);
        return await media.CopyAsync(sourceMedia, source, blob, identity, cancellationToken).ConfigureAwait(false);
    }

    private (LocationMedia Media, string Blob) FindSource(Resource disk)
    {
        JsonObject creation = DocumentFields.Object(disk.Desired, "properties", "creationData") ?? [];
        if (Is(DiskDocument.CreateOption(disk), "Import"))
        {
            return parts.Media.Resolve("properties.creationData.sourceUri", DocumentFields.Text(creation, "sourceUri") ?? "", disk.Location);
        }

        string? sourceId = DocumentFields.Text(creation, "sourceResourceId") ?? DocumentFields.Text(creation, "imageReference", "id");
        Resource source = parts.Database.Read(table => MediaRules.RequireWhole(MediaRules.RequireSource(
            table, "properties.creationData", sourceId, location: null, ResourceType.Disks, ResourceType.Snapshots, ResourceType.Images)));
        return (parts.Media.Of(source.Location), MediaDocument.BlobOf(source)!);
    }

    private static bool Is(string? text, string word) => word.Equals(text, StringComparison.OrdinalIgnoreCase);

    private async Task DeleteAsync(Resource disk, CancellationToken cancellationToken)
    {
        if (MediaDocument.BlobOf(disk) is { } blob)
        {
            LocationMedia media = parts.Media.Of(disk.Location);
            string? leaseId = (string?)disk.Observed[MediaDocument.LeaseId];
            if (MediaDocument.SizeOf(disk) is null)
            {
                await media.DeleteUnfinishedAsync(blob, MediaDocument.IdentityOf(disk), cancellationToken).ConfigureAwait(false);
            }
            else if (DocumentFields.Flag(disk.Desired, MediaDocument.Hidden, "deleteVhd"))
            {
                await media.DeleteAsync(blob, leaseId, cancellationToken).ConfigureAwait(false);
            }
            else if (leaseId is not null)
            {
                await media.ReleaseAsync(blob, leaseId, cancellationToken).ConfigureAwait(false);
            }
        }

        _ledger.Forget(disk);
    }

    /// <summary>Ends the operation. What was made of a new disk is deleted; a disk that was whole before stays.</summary>
    private async Task GiveUpAsync(Resource tried, FabricException fault, CancellationToken cancellationToken)
    {
        bool isUnfinished = false;
        if (tried.State != ProvisioningState.Deleting && _ledger.Find(tried.Id) is { } disk && MediaDocument.BlobOf(disk) is { } blob && MediaDocument.SizeOf(disk) is null)
        {
            isUnfinished = true;
            await parts.Media.Of(disk.Location).DeleteUnfinishedAsync(blob, MediaDocument.IdentityOf(disk), cancellationToken).ConfigureAwait(false);
        }

        _ledger.Fail(tried, fault, (table, observed) =>
        {
            if (isUnfinished)
            {
                table.ReleaseBlobs(tried.Id);
                observed.Clear();
            }

            observed[MediaDocument.Message] = fault.Message;
        });
    }
}
