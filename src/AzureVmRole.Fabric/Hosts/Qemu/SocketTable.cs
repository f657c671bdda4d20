using System.Globalization;
using System.Net;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>Linux's table of TCP connections (proc(5), <c>/proc/net/tcp</c>): who has the other end of one that stays on this machine.</summary>
internal static class SocketTable
{
    /// <summary>Where it is.</summary>
    public const string Path = "/proc/self/net/tcp";

    private const string Established = "01";

    /// <summary>Whether both ends of a connection are of one account.</summary>
    /// <param name="table">The table's text.</param>
    /// <param name="near">One end.</param>
    /// <param name="far">The other end.</param>
    /// <returns>False as well when an end is not in the table, as that of a connection that was closed.</returns>
    public static bool HasOneOwner(string table, IPEndPoint near, IPEndPoint far)
    {
        (string nearText, string farText) = (Format(near), Format(far));
        return FindOwner(table, nearText, farText) is { } owner && owner == FindOwner(table, farText, nearText);
    }

    private static string? FindOwner(string table, string local, string remote) => table.Split('\n')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields is [_, { } from, { } to, Established, _, _, _, _, ..] && from == local && to == remote)
        .Select(fields => fields[7]).FirstOrDefault();

    /// <summary>The kernel prints the four bytes of an address as one number of this machine's byte order.</summary>
    private static string Format(IPEndPoint end) =>
        string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(end.Address.GetAddressBytes()):X8}:{end.Port:X4}");
}
