using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Guests.Metadata;

/// <summary>
/// The metadata service at 169.254.169.254:80: <c>/metadata/versions</c> and <c>/metadata/instance</c> with everything below it. What needs Azure's own authority (attested,
/// identity) is answered with 404.
/// </summary>
/// <param name="identity">The guest.</param>
/// <param name="clock">Says when a signal came.</param>
/// <param name="tell">Told of each read of the instance, on the thread that answers it; must not throw.</param>
internal sealed class MetadataService(GuestIdentity identity, TimeProvider clock, Action<GuestSignal> tell) : IGuestService
{
    /// <summary>The service's address.</summary>
    public const string Address = "169.254.169.254";

    private const string ForMore = "For more information refer to aka.ms/azureimds";
    private const int NewestShown = 3;
    private const int MostSegments = 32;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private GuestIdentity _identity = identity;

    /// <summary>The guest; set when something about it changed, such as its data disks.</summary>
    public GuestIdentity Identity
    {
        get => Volatile.Read(ref _identity);
        set => Volatile.Write(ref _identity, value);
    }

    /// <inheritdoc/>
    public GuestAnswer Answer(GuestRequest request)
    {
        string[] segments = request.Path.Split('/', MostSegments, StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0 || !Is(segments[0], "metadata"))
        {
            return Error(HttpStatusCode.NotFound, "Not found");
        }

        if (request.Method != "GET")
        {
            return Error(HttpStatusCode.MethodNotAllowed, "Method not allowed") with { Headers = [new("Allow", "GET")] };
        }

        if (!Is(request.Header("Metadata") ?? "", "true"))
        {
            return Error(HttpStatusCode.BadRequest, "Bad request. Required metadata header not specified");
        }

        if (request.Header("X-Forwarded-For") is not null)
        {
            return Error(HttpStatusCode.BadRequest, "Bad request. Request must not have been forwarded");
        }

        return (segments.Length > 1 ? segments[1].ToUpperInvariant() : "") switch
        {
            "VERSIONS" when segments.Length == 2 => GuestAnswer.Json(new JsonObject { ["apiVersions"] = Names(MetadataVersions.All) }.ToJsonString()),
            "INSTANCE" => Instance(request, segments.AsSpan(2)),
            _ => Error(HttpStatusCode.NotFound, "Not found"),
        };
    }

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(static name => JsonValue.Create(name))]);

    private static GuestAnswer Error(HttpStatusCode status, string message) =>
        GuestAnswer.Json(new JsonObject { ["error"] = message }.ToJsonString(Plain), status);

    private static GuestAnswer VersionError(string what) => GuestAnswer.Json(
        new JsonObject
        {
            ["error"] = $"Bad request. {what}. {ForMore}",
            ["newest-versions"] = Names(MetadataVersions.All.Reverse().Take(NewestShown)),
        }.ToJsonString(Plain),
        HttpStatusCode.BadRequest);

    private static GuestAnswer Text(string text) => new(HttpStatusCode.OK, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));

    private GuestAnswer Instance(GuestRequest request, ReadOnlySpan<string> path)
    {
        if (request.Query.GetValueOrDefault("api-version") is not { Length: > 0 } version)
        {
            return VersionError("api-version was not specified in the request");
        }

        if (!MetadataVersions.All.Contains(version, StringComparer.Ordinal))
        {
            return VersionError("api-version is invalid or was not specified in the request");
        }

        var agent = GuestAgent.Of(request);
        tell(new GuestSignal(GuestSignalKind.MetadataRead, clock.GetUtcNow(), agent.Name, agent.Version));
        JsonNode? node = Find(MetadataDocument.Make(Identity, version, Is(request.Query.GetValueOrDefault("extended") ?? "", "true")), path);
        string format = request.Query.GetValueOrDefault("format") ?? "json";
        return (node, format.ToUpperInvariant()) switch
        {
            (null, _) => Error(HttpStatusCode.NotFound, "Not found"),
            (JsonValue leaf, "TEXT") => Text(leaf.ToString()),
            (JsonValue, _) => Error(HttpStatusCode.BadRequest, "Bad request. A leaf needs format=text"),
            (JsonObject members, "TEXT") => Text(string.Join('\n', members.Select(static member => member.Value is JsonValue ? member.Key : $"{member.Key}/"))),
            (JsonArray items, "TEXT") => Text(string.Join('\n', items.Select(static (_, index) => string.Create(CultureInfo.InvariantCulture, $"{index}/")))),
            (_, "JSON") => GuestAnswer.Json(node.ToJsonString(Plain)),
            _ => Error(HttpStatusCode.BadRequest, "Bad request. The format is neither json nor text"),
        };
    }

    private static JsonNode? Find(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (string segment in path)
        {
            node = node switch
            {
                JsonObject members => members.FirstOrDefault(member => Is(member.Key, segment)).Value,
                JsonArray items when int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < items.Count => items[index],
                _ => null,
            };
        }

        return node;
    }
}
