using System.Net;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>What a cmdlet has to know of addresses before the engine takes them: what may be shown, and which name is missing.</summary>
internal static class AddressText
{
    private const string SnapshotKey = "snapshot=";

    /// <summary>
    /// The address without what authorises its use: of a query only the snapshot is left, and no user information. That holds for
    /// addresses that are written wrong, too; only a question mark that begins no query is a letter.
    /// </summary>
    public static string Show(string address)
    {
        (string place, string query) = Split(address);
        int host = Math.Max(0, HostOf(place));
        int path = place.IndexOf('/', host);
        int user = host == 0 ? -1 : place.AsSpan(0, path < 0 ? place.Length : path).LastIndexOf('@');
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

    // In a name without a scheme a question mark may be a letter or a wildcard; a query has an equals sign.
    private static (string Place, string Query) Split(string address)
    {
        int query = address.IndexOf('?', StringComparison.Ordinal);
        return query < 0 || (HostOf(address) < 0 && !address.AsSpan(query).Contains('='))
            ? (address, "")
            : (address[..query], address[query..]);
    }

    // One letter before a colon is a drive, and a colon behind a slash is part of a name.
    private static int HostOf(string address)
    {
        int colon = address.AsSpan().IndexOfAny(':', '/', '?');
        return colon < 2 || address[colon] != ':' ? -1
            : address.AsSpan(colon + 1).StartsWith("//", StringComparison.Ordinal) ? colon + 3
            : colon + 1;
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
