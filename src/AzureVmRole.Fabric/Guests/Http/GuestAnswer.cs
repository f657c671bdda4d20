using System.Net;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>What a guest gets.</summary>
/// <param name="Status">The status.</param>
/// <param name="ContentType">What the body is; null without one.</param>
/// <param name="Body">The content.</param>
internal sealed record GuestAnswer(HttpStatusCode Status, string? ContentType = null, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>Headers beside Content-Type and Content-Length.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static GuestAnswer Xml(string text) => new(HttpStatusCode.OK, "text/xml; charset=utf-8", Encoding.UTF8.GetBytes(text));

    public static GuestAnswer Json(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(text));
}
