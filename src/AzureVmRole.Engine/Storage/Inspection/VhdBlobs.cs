namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>Describes a blob as a disk in storage.</summary>
internal static class VhdBlobs
{
    private const string MachineName = "MicrosoftAzureCompute_VMName";
    private const string DiskName = "MicrosoftAzureCompute_DiskName";

    /// <summary>Describes a blob; reads nothing.</summary>
    public static VhdBlob From(IBlobStore store, BlobProperties blob) => new()
    {
        Name = blob.Name.ToString(),
        Container = blob.Name.Container,
        Uri = UriOf(store, blob.Name, blob.Snapshot),
        BlobType = blob.Kind,
        Length = blob.Length,
        Snapshot = blob.Snapshot,
        IsDeleted = blob.IsDeleted,
        ETag = blob.ETag,
        LastModified = blob.LastModified,
        CreatedOn = blob.CreatedOn,
        LeaseState = blob.LeaseState,
        LeaseIsInfinite = blob.LeaseIsInfinite,
        LeaseHolder = blob.LeaseState is BlobLeaseState.Leased or BlobLeaseState.Breaking ? HolderOf(blob) : null,
        CopyState = blob.CopyState,
        UploadState = StateOf(blob),
        ContentHash = blob.Metadata.GetValueOrDefault(BlobMetadata.ContentHash),
        DiskIdentifier = Guid.TryParse(blob.Metadata.GetValueOrDefault(BlobMetadata.DiskIdentifier), out Guid disk) ? disk : Guid.Empty,
        Metadata = blob.Metadata,
        Tags = blob.Tags,
    };

    /// <summary>How far this module's upload of a blob has come.</summary>
    public static UploadState StateOf(BlobProperties blob) => blob.Metadata.GetValueOrDefault(BlobMetadata.State) switch
    {
        BlobMetadata.Uploading => UploadState.Uploading,
        BlobMetadata.Complete => UploadState.Complete,
        _ => UploadState.Unknown,
    };

    /// <summary>
    /// Who holds or last held the blob's lease, as far as its metadata tells: whoever signed it, an upload, or the virtual
    /// machine that Azure noted. Null when nothing is known.
    /// </summary>
    public static string? HolderOf(BlobProperties blob)
    {
        if (blob.Metadata.GetValueOrDefault(BlobMetadata.LeaseHolder) is { Length: > 0 } holder)
        {
            return holder;
        }

        if (StateOf(blob) == UploadState.Uploading && blob.Metadata.GetValueOrDefault(BlobMetadata.Uploader) is { Length: > 0 } uploader)
        {
            return $"upload by {uploader}";
        }

        string? disk = blob.Metadata.GetValueOrDefault(DiskName);
        return (blob.Metadata.GetValueOrDefault(MachineName), disk) switch
        {
            ({ Length: > 0 } machine, { Length: > 0 }) => $"virtual machine '{machine}' (disk '{disk}')",
            ({ Length: > 0 } machine, _) => $"virtual machine '{machine}'",
            (_, { Length: > 0 }) => $"disk '{disk}'",
            _ => null,
        };
    }

    /// <summary>A blob's or a snapshot's address, without a signature.</summary>
    public static Uri UriOf(IBlobStore store, BlobName name, string? snapshot)
    {
        Uri uri = store.GetUri(name);
        return snapshot is null ? uri : new UriBuilder(uri) { Query = $"snapshot={Uri.EscapeDataString(snapshot)}" }.Uri;
    }
}
