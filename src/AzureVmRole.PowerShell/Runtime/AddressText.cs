using System.Net;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>What a cmdlet has to know of addresses before the engine takes them: what may be shown, and which name is missing.</summary>
internal static class AddressText
{
    private const string SchemeEnd = "://";
    private const string SnapshotKey = "snapshot=";

    /// <summary>
    /// The address without what authorises its use: of the query of a URI only the snapshot is left, and no user information.
    /// Names in the connected store stay as they are.
    /// </summary>
    public static string Show(string address)
    {
        (string place, string query) = Split(address);
        int host = HostOf(place);
        if (host < 0)
        {
            return address;
        }

        int path = place.IndexOf('/', host);
        int user = place.AsSpan(0, path < 0 ? place.Length : path).LastIndexOf('@');
        string shown = user < host ? place : string.Concat(place.AsSpan(0, host), place.AsSpan(user + 1));
        return shown + query.TrimStart('?').Split('&')
            .Where(part => part.StartsWith(SnapshotKey, StringComparison.OrdinalIgnoreCase))
            .Select(part => "?" + part)
            .FirstOrDefault("");
    }

    /// <summary>The address of a blob: the one given, or with the name added where it is that of a container or ends in a slash.</summary>
    public static string InContainer(string address, string name)
    {
        (string place, string query) = Split(address);
        int? parts = PartsOf(place);
        if (parts == 0 || (parts != 1 && !place.EndsWith('/')))
        {
            return address;
        }

        string added = HostOf(place) < 0 ? name : Uri.EscapeDataString(name);
        return $"{place.TrimEnd('/')}/{added}{query}";
    }

    /// <summary>The last part of a blob's name.</summary>
    public static string FileNameOf(string address)
    {
        string place = Split(address).Place.TrimEnd('/');
        string name = place[(place.LastIndexOf('/') + 1)..];
        return HostOf(place) < 0 ? name : Uri.UnescapeDataString(name);
    }

    // A name in the connected store has no query: a question mark is a letter of it.
    private static (string Place, string Query) Split(string address)
    {
        int query = HostOf(address) < 0 ? -1 : address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? (address, "") : (address[..query], address[query..]);
    }

    private static int HostOf(string address)
    {
        int scheme = address.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return scheme < 0 ? -1 : scheme + SchemeEnd.Length;
    }

    // How many parts the container and the blob's name have. Of a file's path only the engine can tell.
    private static int? PartsOf(string place)
    {
        if (HostOf(place) < 0)
        {
            return place.Split('/', StringSplitOptions.RemoveEmptyEntries).Length;
        }

        return Uri.TryCreate(place, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? Math.Max(0, uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Length - (HasAccountInPath(uri) ? 1 : 0))
            : null;
    }

    // Where the account is not the host's name it is the first part of the path.
    private static bool HasAccountInPath(Uri uri) =>
        IPAddress.TryParse(uri.Host, out _) || !uri.Host.Contains('.', StringComparison.Ordinal);
}
