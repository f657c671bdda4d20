using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>What Azurite itself says of a blob, asked without the engine and without the proxy.</summary>
internal sealed record BlobView(byte[] Content, IReadOnlyDictionary<string, string> Metadata, string? LeaseState)
{
    private const int FooterSize = 512;
    private const string MetadataPrefix = "x-ms-meta-";

    private static readonly HttpClient Client = new();

    /// <summary>How far the upload has come, as its metadata says.</summary>
    public string? State => Metadata.GetValueOrDefault(BlobMetadata.State);

    /// <summary>The disk, without its last sector.</summary>
    public ReadOnlySpan<byte> Disk => Content.AsSpan(0, Content.Length - FooterSize);

    /// <summary>Whether the last sector is the footer of a fixed VHD of this length, with the right checksum: whether the blob passes for a disk.</summary>
    public bool HasValidFooter
    {
        get
        {
            ReadOnlySpan<byte> footer = Content.AsSpan(Content.Length - FooterSize);
            uint sum = 0;
            for (int index = 0; index < footer.Length; index++)
            {
                sum += index is >= 64 and < 68 ? 0u : footer[index];
            }

            return footer.StartsWith("conectix"u8)
                && BinaryPrimitives.ReadUInt64BigEndian(footer[48..]) == (ulong)(Content.Length - FooterSize)
                && BinaryPrimitives.ReadUInt32BigEndian(footer[64..]) == ~sum;
        }
    }

    /// <summary>Reads a blob; null when there is none.</summary>
    public static async Task<BlobView?> ReadAsync(Uri blob, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, blob, "");
        using HttpResponseMessage answer = await Client.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        var metadata = answer.Headers
            .Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key[MetadataPrefix.Length..].ToLowerInvariant(), header => header.Value.Single(), StringComparer.Ordinal);
        string? lease = answer.Headers.TryGetValues("x-ms-lease-state", out IEnumerable<string>? states) ? states.Single() : null;
        return new BlobView(await answer.Content.ReadAsByteArrayAsync(cancellationToken), metadata, lease);
    }

    /// <summary>Makes a container, as another client.</summary>
    public static Task CreateContainerAsync(Uri container, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Put, container, "restype=container", [], [], cancellationToken);

    /// <summary>Makes an empty page blob, as another client.</summary>
    public static Task CreateAsync(Uri blob, long length, CancellationToken cancellationToken) => ChangeAsync(
        HttpMethod.Put, blob, "", [("x-ms-blob-type", "PageBlob"), ("x-ms-blob-content-length", length.ToString(CultureInfo.InvariantCulture))], [],
        cancellationToken);

    /// <summary>Writes pages, as another client that holds no lease.</summary>
    public static Task WriteAsync(Uri blob, long offset, byte[] data, CancellationToken cancellationToken) => ChangeAsync(
        HttpMethod.Put, blob, "comp=page", [("x-ms-page-write", "update"), ("x-ms-range", $"bytes={offset}-{offset + data.Length - 1}")], data,
        cancellationToken);

    /// <summary>Replaces the metadata, as another client that holds no lease.</summary>
    public static Task SetMetadataAsync(Uri blob, string name, string value, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Put, blob, "comp=metadata", [(MetadataPrefix + name, value)], [], cancellationToken);

    /// <summary>Ends whatever lease there is at once.</summary>
    public static Task BreakLeaseAsync(Uri blob, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Put, blob, "comp=lease", [("x-ms-lease-action", "break"), ("x-ms-lease-break-period", "0")], [], cancellationToken);

    /// <summary>Deletes a blob with its snapshots.</summary>
    public static Task DeleteAsync(Uri blob, CancellationToken cancellationToken) =>
        ChangeAsync(HttpMethod.Delete, blob, "", [("x-ms-delete-snapshots", "include")], [], cancellationToken);

    private static async Task ChangeAsync(
        HttpMethod method, Uri target, string query, (string Name, string Value)[] headers, byte[] body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(method, target, query);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using HttpResponseMessage answer = await Client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri target, string query)
    {
        var request = new HttpRequestMessage(method, new UriBuilder(target) { Query = $"{query}&{AccountSignature.Create()}".TrimStart('&') }.Uri);
        request.Headers.Add("x-ms-version", "2021-08-06");
        return request;
    }
}
