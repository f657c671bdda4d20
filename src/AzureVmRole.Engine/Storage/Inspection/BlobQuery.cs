namespace AzureVmRole.Engine.Storage.Inspection;

/// <summary>Which blobs are looked for.</summary>
public sealed record BlobQuery
{
    /// <summary>
    /// The address of a blob, a container or a store: a name such as <c>vhds/base.vhd</c> in the connected store, or a URI.
    /// Names may hold wildcards (* for any characters, slashes included; in names without a scheme ? for one, and the container may
    /// be a pattern, too). Null for all containers of the connected store.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>Whether snapshots are given, each before its blob.</summary>
    public bool IncludeSnapshots { get; init; }

    /// <summary>Whether deleted blobs that can still be restored are given.</summary>
    public bool IncludeDeleted { get; init; }

    /// <summary>Whether blobs are given whose names do not end in .vhd. A blob that is named in full is always given.</summary>
    public bool AllBlobs { get; init; }

    /// <summary>How the store is reached.</summary>
    public StoreConnection Connection { get; init; } = new();
}
