using System.Globalization;
using System.Text.Json;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>What the database holds of a blob or a snapshot.</summary>
internal sealed record FolderRow
{
    public required BlobName Name { get; init; }

    /// <summary>The snapshot's id; null for the blob itself.</summary>
    public string? Snapshot { get; init; }

    /// <summary>Which file holds the bytes: every file that is made has its own number.</summary>
    public required long Generation { get; init; }

    public required long Length { get; init; }

    public required long Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Modified { get; init; }

    /// <summary>JSON; null when there is none.</summary>
    public string? Metadata { get; init; }

    /// <summary>JSON; null when there are none.</summary>
    public string? Tags { get; init; }

    public byte[]? ContentMd5 { get; init; }

    public FolderLease Lease { get; init; }

    public string? CopyId { get; init; }

    public BlobCopyState CopyState { get; init; }

    public long CopyBytesDone { get; init; }

    public string? CopyDescription { get; init; }

    public string ETag => string.Create(CultureInfo.InvariantCulture, $"\"0x{Version:X16}\"");

    /// <summary>A number that nobody else draws: for a generation or the version that an ETag shows.</summary>
    public static long NewNumber() => Random.Shared.NextInt64(1, long.MaxValue);

    public static string? ToJson(IReadOnlyDictionary<string, string> pairs) => pairs.Count == 0 ? null : JsonSerializer.Serialize(pairs);

    /// <summary>The row after a change at a time.</summary>
    public FolderRow Changed(DateTimeOffset now) => this with { Version = NewNumber(), Modified = now };

    /// <summary>What the store tells about it at a time.</summary>
    public BlobProperties ToProperties(DateTimeOffset now)
    {
        BlobLeaseState leaseState = Lease.StateAt(now);
        return new BlobProperties
        {
            Name = Name,
            Snapshot = Snapshot,
            Kind = BlobKind.PageBlob,
            Length = Length,
            ETag = ETag,
            LastModified = Modified,
            CreatedOn = Created,
            LeaseState = leaseState,
            LeaseIsInfinite = leaseState == BlobLeaseState.Leased ? Lease.Duration is null : null,
            CopyState = CopyState,
            CopyId = CopyId,
            CopyBytesDone = CopyState == BlobCopyState.None ? null : CopyBytesDone,
            CopyDescription = CopyDescription,
            ContentMd5 = ContentMd5,
            Metadata = FromJson(Metadata),
            Tags = FromJson(Tags),
        };
    }

    /// <summary>The value of a metadata key; null when there is none.</summary>
    public string? MetadataValue(string key) => FromJson(Metadata).GetValueOrDefault(key);

    private static Dictionary<string, string> FromJson(string? json)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [])
        {
            pairs[key] = value;
        }

        return pairs;
    }
}
