using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>Blobs as a store would describe them.</summary>
internal static class Blobs
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A page blob that was left alone for a year.</summary>
    public static BlobProperties Old(string name = "vhds/old.vhd", params (string Key, string Value)[] metadata) => new()
    {
        Name = new BlobName(name[..name.IndexOf('/', StringComparison.Ordinal)], name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]),
        Kind = BlobKind.PageBlob,
        Length = 1 << 20,
        ETag = "\"1\"",
        LastModified = Now.AddYears(-1),
        CreatedOn = Now.AddYears(-1),
        Metadata = metadata.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase),
    };

    public static BlobProperties Tagged(string key, string value) => Old() with
    {
        Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value },
    };
}
