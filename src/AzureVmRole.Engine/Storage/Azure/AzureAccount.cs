namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>A storage account and what its connection string says. Key and signature are secret.</summary>
/// <param name="Endpoint">The blob service: <c>https://account.blob.core.windows.net/</c>.</param>
/// <param name="Name">The account's name.</param>
/// <param name="Key">Its key; null when the string has none.</param>
/// <param name="Signature">A shared access signature; null when the string has none.</param>
internal sealed record AzureAccount(Uri Endpoint, string Name, string? Key, string? Signature)
{
    /// <summary>Azurite's account, whose key its documentation prints: no secret.</summary>
    public const string DevelopmentName = "devstoreaccount1";

    public const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Reads a connection string ("Configure Azure Storage connection strings").</summary>
    /// <param name="connectionString">The string. Secret.</param>
    /// <param name="giver">The parameter or the environment variable that it stands in, for errors.</param>
    /// <exception cref="TransferException">AddressInvalid; nothing of the string is shown.</exception>
    public static AzureAccount Parse(string connectionString, string giver)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw Malformed(giver, "a part of it has no equals sign");
            }

            values[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        if (values.TryGetValue("UseDevelopmentStorage", out string? development) && bool.TryParse(development, out bool isDevelopment) && isDevelopment)
        {
            return new AzureAccount(new Uri($"http://127.0.0.1:10000/{DevelopmentName}"), DevelopmentName, DevelopmentKey, Signature: null);
        }

        values.TryGetValue("AccountKey", out string? key);
        values.TryGetValue("SharedAccessSignature", out string? signature);
        values.TryGetValue("AccountName", out string? name);
        if (key is not null && !IsKey(key))
        {
            throw Malformed(giver, "its AccountKey is no base64 text");
        }

        Uri endpoint = FindEndpoint(values, name, giver);
        return new AzureAccount(endpoint, name ?? NameOf(endpoint), key, signature?.TrimStart('?'));
    }

    /// <summary>The account that an endpoint names: its first label, or the first part of the path where the host is an IP address.</summary>
    public static string NameOf(Uri endpoint) => BlobAddress.HasAccountInPath(endpoint)
        ? endpoint.AbsolutePath.Trim('/')
        : endpoint.Host[..endpoint.Host.IndexOf('.', StringComparison.Ordinal)];

    public static bool IsKey(string key) => key.Length > 0 && Convert.TryFromBase64String(key, new byte[key.Length], out _);

    private static Uri FindEndpoint(Dictionary<string, string> values, string? name, string giver)
    {
        if (values.TryGetValue("BlobEndpoint", out string? given))
        {
            return FindAccount(given) ?? throw Malformed(giver, "its BlobEndpoint is no address of an account");
        }

        if (string.IsNullOrEmpty(name))
        {
            throw Malformed(giver, "it has neither AccountName nor BlobEndpoint");
        }

        string scheme = values.GetValueOrDefault("DefaultEndpointsProtocol", "https");
        string suffix = values.GetValueOrDefault("EndpointSuffix", "core.windows.net");
        return Uri.TryCreate($"{scheme}://{name}.blob.{suffix}/", UriKind.Absolute, out Uri? endpoint) && endpoint.Scheme is "http" or "https"
            ? endpoint!
            : throw Malformed(giver, "its AccountName, EndpointSuffix or DefaultEndpointsProtocol makes no valid address");
    }

    private static Uri? FindAccount(string endpoint)
    {
        try
        {
            return BlobAddress.Parse(BlobAddress.WithoutQuery(endpoint)) is { Account: { } account, Container: null } ? account : null;
        }
        catch (TransferException)
        {
            // Its text shows the address, which is part of the string.
            return null;
        }
    }

    private static TransferException Malformed(string giver, string reason) => new(
        ErrorCode.AddressInvalid, giver, $"The connection string in {giver} cannot be used: {reason}.",
        "Copy it whole from the account's access keys, and quote it; or take it away.");
}
