using System.Net;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>A request of a guest, as it came; nothing in it is trusted.</summary>
/// <param name="Server">The address and port that it was sent to.</param>
/// <param name="Method">In upper case.</param>
/// <param name="Path">The path, decoded once; begins with a slash.</param>
/// <param name="Query">The parameters, by name in any case, decoded once; the last one counts.</param>
/// <param name="Headers">By name in any case; the last one counts.</param>
/// <param name="Body">The content, bounded by the server.</param>
internal sealed record GuestRequest(
    IPEndPoint Server, string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>A header's value; null when it was not sent.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
