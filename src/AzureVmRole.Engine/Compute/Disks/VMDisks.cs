using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Http;

namespace AzureVmRole.Engine.Compute.Disks;

/// <summary>Disks: VHDs that instances use, one instance at a time.</summary>
public static class VMDisks
{
    /// <summary>Reads disks.</summary>
    /// <exception cref="FabricException">ResourceNotFound when one name was given and there is none; others as the service says.</exception>
    public static async IAsyncEnumerable<VMDisk> FindAsync(
        FabricConnection connection, ResourceQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query is { IsOne: true, Name: { } name })
        {
            yield return await GetAsync(connection, query.ResourceGroupName, name, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        AsyncPageable<ManagedDiskResource> disks = query.ResourceGroupName is { } group
            ? connection.Group(group).GetManagedDisks().GetAllAsync(cancellationToken)
            : connection.Subscription().GetManagedDisksAsync(cancellationToken);
        await foreach ((ManagedDiskResource disk, Uri? blob) in Listing.ReadAsync(connection, "disks", disks, cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(disk.Data.Name))
            {
                yield return Describe(disk.Data, blob);
            }
        }
    }

    /// <summary>Registers a VHD as a disk. The VHD is used as it is, not copied, on the local fabric; Azure imports a copy of it.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="options">The disk.</param>
    /// <param name="waiting">How to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FabricException">RequestInvalid when the VHD is not fit; others as the service says.</exception>
    public static async Task<VMDisk> AddAsync(
        FabricConnection connection, VMDiskOptions options, OperationOptions waiting, CancellationToken cancellationToken)
    {
        Uri uri = await Addresses.BlobUriAsync(connection, options.MediaLocation).ConfigureAwait(false);
        var data = new ManagedDiskData(options.Location ?? connection.State.Location)
        {
            CreationData = new DiskCreationData(DiskCreateOption.Import) { SourceUri = uri },
            OSType = options.OS is { } os ? Words.OSTypeOf(os) : null,
        };
        if (options.Label is { } label)
        {
            data.Tags[Words.LabelTag] = label;
        }

        ArmOperation<ManagedDiskResource> operation = await OperationWait.RunAsync(
            connection, "register disk", options.DiskName,
            token => ResourceCreation.RunAsync(
                connection, options.ResourceGroupName, "disk", options.DiskName,
                (group, stop) => group.GetManagedDisks().ExistsAsync(options.DiskName, stop),
                (group, stop) => group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Started, options.DiskName, data, stop), token),
            waiting with { NoWait = false }, cancellationToken).ConfigureAwait(false);
        return await GetAsync(connection, operation.Value.Id.ResourceGroupName, options.DiskName, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a disk's registration. On the local fabric its VHD stays unless it is to be deleted, too; Azure keeps no VHD of a managed disk.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="name">The disk.</param>
    /// <param name="deleteVhd">Whether its VHD is deleted, too.</param>
    /// <param name="waiting">How to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FabricException">ResourceInUse when it is attached; OperationNotAllowed in Azure without <paramref name="deleteVhd"/>.</exception>
    public static async Task RemoveAsync(
        FabricConnection connection, string? groupName, string name, bool deleteVhd, OperationOptions waiting, CancellationToken cancellationToken)
    {
        if (!connection.IsLocal && !deleteVhd)
        {
            throw new FabricException(
                ErrorCode.OperationNotAllowed, name, $"The managed disk '{name}' of Azure cannot be removed without its content.",
                "Add -DeleteVhd if the content may go, or copy it first.");
        }

        // An id is read first: what does not exist is an error, though the service says 204.
        VMDisk disk = await GetAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false);
        if (disk.AttachedTo is { } user)
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "ResourceInUse", name, $"The disk '{name}' is attached to '{user}', only a disk that nobody has can be removed.",
                "Detach it (Remove-DataDisk, Update-VMInstance), or remove the instance first.");
        }

        ManagedDiskResource resource = connection.Client.GetManagedDiskResource(new Azure.Core.ResourceIdentifier(disk.Id));
        await OperationWait.RunAsync(connection, "remove disk", name, async token =>
        {
            using IDisposable? query = connection.IsLocal && deleteVhd ? RequestQueryPolicy.Add("deleteVhd", "true") : null;
            return await resource.DeleteAsync(WaitUntil.Started, token).ConfigureAwait(false);
        }, waiting, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<VMDisk> GetAsync(FabricConnection connection, string? groupName, string name, CancellationToken cancellationToken)
    {
        Response<ManagedDiskResource> answer = await FabricFailures.AskAsync(
            connection, "read disk", name, token => connection.Group(groupName).GetManagedDisks().GetAsync(name, token), cancellationToken).ConfigureAwait(false);
        return Describe(answer.Value.Data, RawAnswer.BlobUris(answer.GetRawResponse()).Values.FirstOrDefault());
    }

    private static VMDisk Describe(ManagedDiskData data, Uri? blob) => new()
    {
        DiskName = data.Name,
        ResourceGroupName = data.Id.ResourceGroupName ?? "",
        Location = data.Location.Name,
        OS = Words.OSOf(data.OSType),
        MediaLink = blob,
        DiskSizeInGB = data.DiskSizeGB,
        Label = data.Tags.TryGetValue(Words.LabelTag, out string? label) ? label : null,
        AttachedTo = Addresses.NameOf(data.ManagedBy?.ToString()),
        DiskState = data.DiskState?.ToString() ?? "",
        SourceImageName = Addresses.NameOf(data.CreationData?.ImageReference?.Id?.ToString()),
        ProvisioningState = data.ProvisioningState ?? "",
        Id = data.Id.ToString(),
    };
}
