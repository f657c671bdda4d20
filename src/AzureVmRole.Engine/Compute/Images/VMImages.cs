using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Http;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Removal;

namespace AzureVmRole.Engine.Compute.Images;

/// <summary>Images: masters that instances are made from.</summary>
public static class VMImages
{
    /// <summary>Reads images.</summary>
    /// <exception cref="FabricException">ResourceNotFound when one name was given and there is none; others as the service says.</exception>
    public static async IAsyncEnumerable<VMImage> FindAsync(
        FabricConnection connection, ResourceQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query is { IsOne: true, Name: { } name })
        {
            yield return await GetAsync(connection, query.ResourceGroupName, name, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        AsyncPageable<DiskImageResource> images = query.ResourceGroupName is { } group
            ? connection.Group(group).GetDiskImages().GetAllAsync(cancellationToken)
            : connection.Subscription().GetDiskImagesAsync(cancellationToken);
        await foreach ((DiskImageResource image, _) in Listing.ReadAsync(connection, "images", images, cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(image.Data.Name))
            {
                yield return ImageDescription.Of(image.Data);
            }
        }
    }

    /// <summary>Registers a VHD as an image. The VHD is never changed from then on.</summary>
    /// <exception cref="FabricException">RequestInvalid when the VHD is not fit: the message has the findings. ResourceConflict when there is one of that name.</exception>
    public static async Task<VMImage> AddAsync(
        FabricConnection connection, VMImageOptions options, OperationOptions waiting, CancellationToken cancellationToken)
    {
        Uri uri = await Addresses.BlobUriAsync(connection, options.MediaLocation).ConfigureAwait(false);
        var data = new DiskImageData(options.Location ?? connection.State.Location)
        {
            HyperVGeneration = Words.GenerationOf(options.Generation),
            StorageProfile = new ImageStorageProfile
            {
                OSDisk = new ImageOSDisk(Words.OSTypeOf(options.OS), StateOf(options.OSState))
                {
                    BlobUri = uri,
                    Caching = Words.CachingOf(options.HostCaching),
                },
            },
        };
        Label(data, options.Label, options.Description);
        await CreateAsync(connection, options.ResourceGroupName, options.ImageName, data, "register image", waiting, cancellationToken).ConfigureAwait(false);
        return await GetAsync(connection, options.ResourceGroupName, options.ImageName, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes an image's registration; its VHD stays unless it is to be deleted, too.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="name">The image.</param>
    /// <param name="deleteVhd">Whether its VHD is deleted, too.</param>
    /// <param name="waiting">How to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FabricException">ResourceNotFound; others as the service says.</exception>
    /// <exception cref="TransferException">In Azure the VHD could not be deleted; the registration is gone.</exception>
    public static async Task RemoveAsync(
        FabricConnection connection, string? groupName, string name, bool deleteVhd, OperationOptions waiting, CancellationToken cancellationToken)
    {
        VMImage image = await GetAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false);
        DiskImageResource resource = connection.Client.GetDiskImageResource(new ResourceIdentifier(image.Id));
        bool deletesBlob = deleteVhd && !connection.IsLocal && image.MediaLink is not null;
        await OperationWait.RunAsync(connection, "remove image", name, async token =>
        {
            using IDisposable? query = connection.IsLocal && deleteVhd ? RequestQueryPolicy.Add("deleteVhd", "true") : null;
            return await resource.DeleteAsync(WaitUntil.Started, token).ConfigureAwait(false);
        }, deletesBlob ? waiting with { NoWait = false } : waiting, cancellationToken).ConfigureAwait(false);
        if (deletesBlob)
        {
            var removal = new BlobRemovalOptions { Address = image.MediaLink!.AbsoluteUri, Connection = new StoreConnection { Log = waiting.Log } };
            await BlobRemoval.RemoveAsync(removal, cancellationToken).ConfigureAwait(false);
        }
    }

    internal static async Task<VMImage> GetAsync(FabricConnection connection, string? groupName, string name, CancellationToken cancellationToken)
    {
        Response<DiskImageResource> answer = await FabricFailures.AskAsync(
            connection, "read image", name, token => connection.Group(groupName).GetDiskImages().GetAsync(name, expand: null, token), cancellationToken)
            .ConfigureAwait(false);
        return ImageDescription.Of(answer.Value.Data);
    }

    internal static Task CreateAsync(
        FabricConnection connection, string? groupName, string name, DiskImageData data, string what, OperationOptions waiting, CancellationToken cancellationToken) =>
        OperationWait.RunAsync(
            connection, what, name,
            token => ResourceCreation.RunAsync(
                connection, groupName, "image", name,
                (group, stop) => group.GetDiskImages().ExistsAsync(name, expand: null, stop),
                (group, stop) => group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Started, name, data, stop), token),
            waiting with { NoWait = false }, cancellationToken);

    internal static void Label(DiskImageData data, string? label, string? description)
    {
        if (label is not null)
        {
            data.Tags[Words.LabelTag] = label;
        }

        if (description is not null)
        {
            data.Tags[Words.DescriptionTag] = description;
        }
    }

    internal static OperatingSystemStateType StateOf(OSState state) =>
        state == OSState.Generalized ? OperatingSystemStateType.Generalized : OperatingSystemStateType.Specialized;
}
