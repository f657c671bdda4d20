using System.Globalization;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>What a store's requests are authorised with. Exactly one of the three is set.</summary>
internal sealed record AzureAuthorization
{
    private const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";
    private const string AccountVariable = "AZURE_STORAGE_ACCOUNT";
    private const string KeyVariable = "AZURE_STORAGE_KEY";
    private const string SignatureVariable = "AZURE_STORAGE_SAS_TOKEN";

    public StorageSharedKeyCredential? SharedKey { get; private init; }

    /// <summary>A shared access signature without a question mark. Secret.</summary>
    public string? Signature { get; private init; }

    public TokenCredential? Token { get; private init; }

    /// <summary>
    /// Chooses: the address's own signature; the connection's signature, key, connection string (of the same account); the
    /// environment's (of the same account); Azurite's well-known key on this machine; else Azure AD.
    /// </summary>
    public static AzureAuthorization Choose(Uri endpoint, string? signatureOfAddress, StoreConnection connection)
    {
        string account = AzureAccount.NameOf(endpoint);
        return FromSignature(signatureOfAddress)
            ?? FromSignature(connection.SharedAccessSignature)
            ?? FromKey(account, connection.AccountKey)
            ?? FromConnectionString(endpoint, connection.ConnectionString, connection.ConnectionStringGiver)
            ?? FromEnvironment(endpoint, account)
            ?? (endpoint.IsLoopback && account == AzureAccount.DevelopmentName ? FromKey(account, AzureAccount.DevelopmentKey) : null)
            ?? FromDirectory(endpoint);
    }

    public static AzureAuthorization? FromAccount(AzureAccount account) => FromKey(account.Name, account.Key) ?? FromSignature(account.Signature);

    /// <summary>When the signature ends, as its <c>se</c> says; null for another authorisation or no such parameter.</summary>
    public DateTimeOffset? FindExpiry() => FindTime("se=");

    /// <summary>When the signature starts, as its <c>st</c> says; null for another authorisation or no such parameter.</summary>
    public DateTimeOffset? FindStart() => FindTime("st=");

    private static AzureAuthorization? FromSignature(string? signature, string? variable = null)
    {
        if (string.IsNullOrWhiteSpace(signature))
        {
            return null;
        }

        string query = signature.Trim().TrimStart('?');
        try
        {
            // The SDK reads the signature's parameters with every request, and takes wrong ones for a caller's defect.
            _ = new BlobUriBuilder(new Uri($"https://account.blob.core.windows.net/container/blob?{query}"));
            return new AzureAuthorization { Signature = query };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new TransferException(
                ErrorCode.AuthenticationFailed, variable ?? "the shared access signature",
                $"The shared access signature{In(variable)} cannot be read: one of its parameters has a value that no service gives.",
                "Copy it whole, and quote it.");
        }
    }

    private static AzureAuthorization? FromKey(string account, string? key, string? variable = null)
    {
        if (string.IsNullOrWhiteSpace(key))
        {
            return null;
        }

        return AzureAccount.IsKey(key.Trim())
            ? new AzureAuthorization { SharedKey = new StorageSharedKeyCredential(account, key.Trim()) }
            : throw new TransferException(
                ErrorCode.AuthenticationFailed, account, $"The key{In(variable)} for the account '{account}' is no base64 text.", "Copy the key whole, and quote it.");
    }

    private static string In(string? variable) => variable is null ? "" : $" in {variable}";

    private static AzureAuthorization? FromConnectionString(Uri endpoint, string? connectionString, string giver) =>
        !string.IsNullOrWhiteSpace(connectionString) && AzureAccount.Parse(connectionString, giver) is { } account && IsSame(account.Endpoint, endpoint)
            ? FromAccount(account)
            : null;

    private static AzureAuthorization? FromEnvironment(Uri endpoint, string account)
    {
        if (FromConnectionString(endpoint, Environment.GetEnvironmentVariable(ConnectionStringVariable), ConnectionStringVariable) is { } found)
        {
            return found;
        }

        return string.Equals(Environment.GetEnvironmentVariable(AccountVariable), account, StringComparison.OrdinalIgnoreCase)
            ? FromKey(account, Environment.GetEnvironmentVariable(KeyVariable), KeyVariable)
                ?? FromSignature(Environment.GetEnvironmentVariable(SignatureVariable), SignatureVariable)
            : null;
    }

    private static AzureAuthorization FromDirectory(Uri endpoint) => endpoint.Scheme == Uri.UriSchemeHttps
        ? new AzureAuthorization { Token = new DirectoryCredential() }
        : throw new TransferException(
            ErrorCode.AuthenticationFailed, endpoint.AbsoluteUri,
            $"There is neither a key nor a signature for '{endpoint.AbsoluteUri}', and Azure AD works over https only.",
            "Give a connection string, a key or a shared access signature.");

    private static bool IsSame(Uri one, Uri other) =>
        one.Authority == other.Authority && one.AbsolutePath.Trim('/') == other.AbsolutePath.Trim('/');

    private DateTimeOffset? FindTime(string parameter)
    {
        string? text = Signature?.Split('&').FirstOrDefault(part => part.StartsWith(parameter, StringComparison.Ordinal))?[parameter.Length..];
        return text is not null && DateTimeOffset.TryParse(
            Uri.UnescapeDataString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;
    }
}
