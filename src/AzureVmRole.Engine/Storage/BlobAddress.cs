using System.Diagnostics.CodeAnalysis;
using System.Net;
using AzureVmRole.Engine.Storage.Folder;

namespace AzureVmRole.Engine.Storage;

/// <summary>
/// An address taken apart: <c>vhds/base.vhd</c>, <c>file:///…/store/vhds/base.vhd</c>,
/// <c>https://account.blob.core.windows.net/vhds/base.vhd?sas</c>, or Azurite's <c>http://127.0.0.1:10000/account/vhds/base.vhd</c>.
/// </summary>
internal sealed record BlobAddress
{
    private const string SnapshotParameter = "snapshot=";

    /// <summary>The account's address, for <c>http</c> and <c>https</c>.</summary>
    public Uri? Account { get; init; }

    /// <summary>The folder store's path, for <c>file</c>.</summary>
    public string? FolderPath { get; init; }

    public string? Container { get; init; }

    public string? Name { get; init; }

    public string? Snapshot { get; init; }

    /// <summary>The shared access signature, without a question mark. Secret.</summary>
    public string? Signature { get; init; }

    /// <summary>Takes an address apart.</summary>
    /// <exception cref="TransferException">AddressInvalid.</exception>
    public static BlobAddress Parse(string address)
    {
        string trimmed = address.Trim();
        if (trimmed.Length == 0)
        {
            throw Invalid(address, "it is empty", "Write container/name, a file: URI or an https: URI.");
        }

        return FindScheme(trimmed, out string? scheme) ? ParseUri(trimmed, scheme) : ParsePlain(trimmed);
    }

    /// <summary>An error about an address. Nothing behind a question mark is shown: a signature may stand there.</summary>
    public static TransferException Invalid(string address, string reason, string? action = null)
    {
        string shown = WithoutQuery(address);
        return new TransferException(ErrorCode.AddressInvalid, shown, $"The address '{shown}' cannot be used: {reason}.", action);
    }

    public static string WithoutQuery(string address) => address.IndexOf('?', StringComparison.Ordinal) is >= 0 and int at ? address[..at] : address;

    /// <summary>An IP address or this machine's name: the account is the first part of the path, as Azurite has it.</summary>
    public static bool HasAccountInPath(Uri uri) => uri.HostNameType != UriHostNameType.Dns || !uri.Host.Contains('.', StringComparison.Ordinal);

    private static bool FindScheme(string address, [NotNullWhen(true)] out string? scheme)
    {
        int colon = address.IndexOf(':', StringComparison.Ordinal);
        bool isScheme = colon > 0 && address.AsSpan(0, colon).IndexOfAnyExcept(BlobNameRules.SchemeCharacters) < 0;
        scheme = isScheme ? address[..colon].ToLowerInvariant() : null;
        return isScheme;
    }

    private static BlobAddress ParsePlain(string address)
    {
        string? snapshot = null;
        int query = address.IndexOf("?" + SnapshotParameter, StringComparison.Ordinal);
        if (query >= 0)
        {
            snapshot = address[(query + 1 + SnapshotParameter.Length)..];
            address = address[..query];
        }

        string path = address.Replace('\\', '/');
        if (path.StartsWith('/'))
        {
            throw Invalid(address, "it is a path of a file", "Write container/name, or file:// and the path of a blob in a folder store.");
        }

        return InStore(address, path) with { Snapshot = snapshot };
    }

    private static BlobAddress ParseUri(string address, string scheme)
    {
        if (scheme.Length == 1)
        {
            throw Invalid(address, "it is a path of a file", "Write container/name, or file:/// and the path of a blob in a folder store.");
        }

        if (scheme is not ("file" or "http" or "https"))
        {
            throw Invalid(address, $"its scheme '{scheme}' is unknown", "Write container/name, a file: URI or an https: URI.");
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri))
        {
            throw Invalid(address, "it is no valid URI", "Write a URI such as https://account.blob.core.windows.net/vhds/base.vhd.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw Invalid($"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}", "it holds a user name", "Give a key or a signature instead.");
        }

        return scheme == "file" ? ParseFile(address, uri) : ParseHttp(address, uri);
    }

    private static BlobAddress ParseHttp(string address, Uri uri)
    {
        string path = uri.AbsolutePath.Trim('/');
        string accountPath = "";
        if (HasAccountInPath(uri))
        {
            int end = path.IndexOf('/', StringComparison.Ordinal);
            accountPath = end < 0 ? path : path[..end];
            path = end < 0 ? "" : path[(end + 1)..];
            if (accountPath.Length == 0)
            {
                throw Invalid(address, "it names no account", "Write the account behind the host, such as http://127.0.0.1:10000/devstoreaccount1/vhds/base.vhd.");
            }
        }

        (string? signature, string? snapshot) = ParseQuery(address, uri.Query);
        BlobAddress inStore = path.Length == 0 ? new BlobAddress() : InStore(address, Unescape(path));
        if (snapshot is not null && inStore.Name is null)
        {
            throw Invalid(address, "it names a snapshot of no blob", "Write the blob's name before the question mark.");
        }

        return inStore with { Account = AccountUri(address, uri, accountPath), Signature = signature, Snapshot = snapshot };
    }

    /// <summary>The Azure SDK knows accounts in paths only by IP address (or Azurite's own port).</summary>
    private static Uri AccountUri(string address, Uri uri, string accountPath)
    {
        string host = uri.IsLoopback && uri.HostNameType == UriHostNameType.Dns ? IPAddress.Loopback.ToString() : uri.Host;
        bool isKnownToClient = uri.HostNameType == UriHostNameType.IPv4 || uri.IsLoopback || uri.Port is >= 10000 and <= 10004;
        if (accountPath.Length > 0 && (!isKnownToClient || uri.HostNameType == UriHostNameType.IPv6))
        {
            throw Invalid(address, "its host is neither an account of Azure nor an IPv4 address", "Write the server's IPv4 address.");
        }

        return new UriBuilder(uri.Scheme, host, uri.IsDefaultPort ? -1 : uri.Port, accountPath).Uri;
    }

    private static (string? Signature, string? Snapshot) ParseQuery(string address, string query)
    {
        string? snapshot = null;
        var signature = new List<string>();
        foreach (string parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (parameter.StartsWith(SnapshotParameter, StringComparison.Ordinal))
            {
                snapshot = Uri.UnescapeDataString(parameter[SnapshotParameter.Length..]);
            }
            else if (parameter.StartsWith("versionid=", StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid(address, "it names a version of a blob", "Name a snapshot or the blob itself.");
            }
            else
            {
                signature.Add(parameter);
            }
        }

        if (signature.Count > 0 && !signature.Exists(static parameter => parameter.StartsWith("sig=", StringComparison.Ordinal)))
        {
            throw Invalid(address, "what stands behind its question mark is no shared access signature", "Quote the address, so that nothing behind an & is lost.");
        }

        return (signature.Count == 0 ? null : string.Join('&', signature), snapshot);
    }

    private static BlobAddress ParseFile(string address, Uri uri)
    {
        if (uri.IsUnc && !OperatingSystem.IsWindows() && !uri.IsLoopback)
        {
            throw Invalid(address, $"its host '{uri.Host}' is another machine", "Write three slashes: file:///path/of/the/store/container/name.");
        }

        (string? signature, string? snapshot) = ParseQuery(address, uri.Query);
        if (signature is not null)
        {
            throw Invalid(address, "a folder store takes no signature", "Leave out what stands behind the question mark.");
        }

        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(uri.LocalPath));
        string root = FolderStorePath.FindRoot(path) ?? FolderStorePath.GuessRoot(path)
            ?? throw Invalid(address, "it names no container", "Write file:///path/of/the/store/container/name.");
        string relative = Path.GetRelativePath(root, path);
        string inside = FolderNames.Decode(relative)?.ToString() ?? relative.Replace(Path.DirectorySeparatorChar, '/');
        BlobAddress inStore = inside == "." ? new BlobAddress() : InStore(address, inside);
        return inStore with { FolderPath = root, Snapshot = snapshot };
    }

    private static BlobAddress InStore(string address, string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        string container = slash < 0 ? path : path[..slash];
        string? name = slash < 0 || slash == path.Length - 1 ? null : path[(slash + 1)..];
        if (BlobNameRules.FindContainerFault(container) is { } containerFault)
        {
            throw Invalid(
                address, $"'{WithoutQuery(container)}' is no name of a container: {containerFault}",
                "Write container/name; a container has 3 to 63 lower-case letters, digits and single hyphens.");
        }

        if (name is not null && BlobNameRules.FindNameFault(name) is { } nameFault)
        {
            throw Invalid(
                address, $"'{WithoutQuery(name)}' is no name of a blob: {nameFault}",
                "Write container/name; the name's parts stand between single slashes.");
        }

        return new BlobAddress { Container = container, Name = name };
    }

    private static string Unescape(string path) => string.Join('/', path.Split('/').Select(Uri.UnescapeDataString));
}
