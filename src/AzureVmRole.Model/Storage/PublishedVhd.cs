namespace AzureVmRole;

/// <summary>What Publish-BaseVhd did. Sizes are bytes.</summary>
public sealed record PublishedVhd
{
    /// <summary>The absolute path of the disk that was uploaded: the top of its chain.</summary>
    public required string LocalFilePath { get; init; }

    /// <summary>The container and the blob's name: <c>vhds/base.vhd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The blob's address, without a signature.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The disk's virtual size; the blob is 512 bytes longer.</summary>
    public required long Size { get; init; }

    /// <summary>The disk's unique id, as its footer has it.</summary>
    public required Guid DiskIdentifier { get; init; }

    /// <summary>The hash of the disk's content (docs/formats/content-hash.md).</summary>
    public required string ContentHash { get; init; }

    /// <summary>The blob's ETag after the upload.</summary>
    public required string ETag { get; init; }

    /// <summary>Bytes of pages that were sent.</summary>
    public required long BytesSent { get; init; }

    /// <summary>Bytes of data that were there already: from an earlier attempt, or from the base image.</summary>
    public required long BytesKept { get; init; }

    /// <summary>How many write requests were sent, retries not counted.</summary>
    public required int Requests { get; init; }

    /// <summary>Whether an interrupted upload was continued.</summary>
    public required bool IsResumed { get; init; }

    /// <summary>Whether the content was read back and compared.</summary>
    public required bool IsVerified { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Duration { get; init; }
}
