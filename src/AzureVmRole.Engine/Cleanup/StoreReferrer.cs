using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// What the store itself tells: metadata by which Azure notes the virtual machine of a disk, and by which a holder signs. Azure
/// may leave its note when the machine is gone, but only the compute service could tell, so the note counts until it is removed.
/// </summary>
internal sealed class StoreReferrer : IReferrer
{
    private const string PlatformPrefix = "MicrosoftAzureCompute_";

    public string Description => "the metadata in the store";

    public bool IsCheap => true;

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public BlobReference? Find(BlobProperties blob, Uri uri)
    {
        if (blob.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder) is { Length: > 0 } holder)
        {
            return new BlobReference(RetentionCode.HolderNoted, $"Metadata '{BlobMetadata.LeaseHolder}' says that {Shorten(holder)} holds it.", holder);
        }

        string? key = blob.Metadata.Keys.FirstOrDefault(static key => key.StartsWith(PlatformPrefix, StringComparison.OrdinalIgnoreCase));
        if (key is null)
        {
            return null;
        }

        string machine = VhdBlobs.HolderOf(blob) ?? $"{key} = {blob.Metadata[key]}";
        return new BlobReference(
            RetentionCode.AttachedDisk,
            $"Azure's metadata notes {machine}. If that is gone, remove the metadata '{PlatformPrefix}*' from the blob.",
            machine);
    }

    // Of a resource id the kind and the name say enough to people: virtualMachines/web1.
    private static string Shorten(string holder) =>
        holder.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) && holder.Split('/') is { Length: > 2 } parts ? $"{parts[^2]}/{parts[^1]}" : holder;
}
