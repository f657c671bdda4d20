namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Writes addresses for people.</summary>
internal static class AddressText
{
    private const string SnapshotKey = "snapshot=";

    /// <summary>
    /// The address without what authorises its use: of the query of a URI only the snapshot is left, and no user information.
    /// Names in the connected store stay as they are.
    /// </summary>
    public static string Show(string address)
    {
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        int query = address.IndexOf('?', StringComparison.Ordinal);
        if (scheme < 0)
        {
            return address;
        }

        string shown = query < 0 ? address : address[..query] + SnapshotOf(address[(query + 1)..]);
        int path = shown.IndexOf('/', scheme + 3);
        int user = shown.AsSpan(0, path < 0 ? shown.Length : path).LastIndexOf('@');
        return user < 0 ? shown : string.Concat(shown.AsSpan(0, scheme + 3), shown.AsSpan(user + 1));
    }

    private static string SnapshotOf(string query) => query.Split('&')
        .Where(part => part.StartsWith(SnapshotKey, StringComparison.OrdinalIgnoreCase))
        .Select(part => "?" + part)
        .FirstOrDefault("");
}
