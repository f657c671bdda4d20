using System.Net;
using System.Text.Json;

namespace AzureVmRole.Engine.Compute.Connecting;

/// <summary>What a running local fabric writes down about itself: <c>fabric/fabric.json</c> in its home folder (docs/design/fabric.md).</summary>
internal sealed record FabricNote
{
    private const int LongestFile = 64 << 10;

    public required Uri Endpoint { get; init; }

    /// <summary>SHA-256 of the certificate in hexadecimal digits, upper case.</summary>
    public required string Thumbprint { get; init; }

    public required string SubscriptionId { get; init; }

    public int? ProcessId { get; init; }

    public string? Version { get; init; }

    /// <summary>The kind of host that new virtual machines are placed on; null when the fabric does not say.</summary>
    public string? HostKind { get; init; }

    public IReadOnlyList<string> Locations { get; init; } = [];

    public static string PathIn(string home) => Path.Combine(home, "fabric", "fabric.json");

    public static string TokenPathIn(string home) => Path.Combine(home, "fabric", "token");

    /// <summary>Reads the note; null when there is none.</summary>
    /// <exception cref="FabricException">FabricUnreachable: it cannot be read, or says what no fabric writes.</exception>
    public static FabricNote? Find(string home)
    {
        string path = PathIn(home);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return null;
            }

            return file.Length > LongestFile ? throw Invalid(path, $"has {file.Length} bytes", null) : Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, "cannot be read: " + failure.Message, failure);
        }
    }

    private static FabricNote Parse(string path, byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            string thumbprint = TextOf(root, "thumbprint") ?? "";
            if (!Uri.TryCreate(TextOf(root, "endpoint"), UriKind.Absolute, out Uri? endpoint)
                || endpoint.Scheme != Uri.UriSchemeHttps || !IsLoopback(endpoint))
            {
                throw Invalid(path, "names no https endpoint on this machine", null);
            }

            string digits = thumbprint.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
            if (digits.Length != 64 || !digits.All(char.IsAsciiHexDigit))
            {
                throw Invalid(path, "has no SHA-256 thumbprint", null);
            }

            return new FabricNote
            {
                Endpoint = endpoint,
                Thumbprint = digits,
                SubscriptionId = TextOf(root, "subscriptionId") ?? "00000000-0000-0000-0000-00000000a23e",
                ProcessId = root.TryGetProperty("processId", out JsonElement process) && process.TryGetInt32(out int id) ? id : null,
                Version = TextOf(root, "version"),
                HostKind = TextOf(root, "hostKind"),
                Locations = root.TryGetProperty("locations", out JsonElement locations) && locations.ValueKind == JsonValueKind.Array
                    ? [.. locations.EnumerateArray().Select(entry => entry.GetString() ?? "")]
                    : ["local1", "local2"],
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            throw Invalid(path, "is no JSON as a fabric writes it", failure);
        }
    }

    // Secrets go to this endpoint: nothing outside the machine can be one.
    private static bool IsLoopback(Uri endpoint) =>
        endpoint.Host == "localhost" || (IPAddress.TryParse(endpoint.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static string? TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static FabricException Invalid(string path, string problem, Exception? cause) => new(
        ErrorCode.FabricUnreachable, path, $"'{path}' {problem}, so the fabric cannot be found.", "Stop the fabric, delete the file and start the fabric again.", cause);
}
