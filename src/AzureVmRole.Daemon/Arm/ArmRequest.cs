using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AzureVmRole.Fabric.FrontEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AzureVmRole.Daemon.Arm;

/// <summary>A request, its path taken apart.</summary>
internal sealed class ArmRequest
{
    private const int LongestClientRequestId = 128;

    private ArmRequest(HttpContext context, string path, string[] parts, IReadOnlyDictionary<string, string> query)
    {
        Http = context;
        Path = path;
        Parts = parts;
        Query = query;
        Values = ImmutableDictionary<string, string>.Empty;
    }

    /// <summary>The request of the server.</summary>
    public HttpContext Http { get; }

    /// <summary>The method, in upper case.</summary>
    public string Method => Http.Request.Method;

    /// <summary>The path as it was sent.</summary>
    public string Path { get; }

    /// <summary>The decoded parts of the path.</summary>
    public IReadOnlyList<string> Parts { get; }

    /// <summary>The query's parameters; names in any case of letters.</summary>
    public IReadOnlyDictionary<string, string> Query { get; }

    /// <summary>What stands in the path where the route has <c>{name}</c>.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>The address that the client uses for the fabric, without a slash at the end.</summary>
    public string BaseAddress => $"https://{Http.Request.Host.Value}";

    /// <summary>The body, once it has been read; empty for none.</summary>
    public ReadOnlyMemory<byte> Content { get; set; }

    /// <summary>The version that the client speaks; any is fine.</summary>
    public string ApiVersion => Query.GetValueOrDefault("api-version", "");

    /// <summary>What stands in the path at a place of the route.</summary>
    public string this[string name] => Values[name];

    /// <summary>Takes a request apart.</summary>
    /// <exception cref="FabricException">Its path or a header is none that the fabric accepts.</exception>
    public static ArmRequest Parse(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int end = target.IndexOfAny(['?', '#']);
        string path = end < 0 ? target : target[..end];
        var query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, StringValues values) in context.Request.Query)
        {
            query[name] = values.Count > 0 ? values[0] ?? "" : "";
        }

        return new ArmRequest(context, path, ArmPath.Parse(path), query);
    }

    /// <summary>The same request where a route has been found for it.</summary>
    public ArmRequest With(IReadOnlyDictionary<string, string> values) =>
        new(Http, Path, [.. Parts], Query) { Values = values };

    /// <summary>What the fabric is told of it beside path and body.</summary>
    /// <exception cref="FabricException">The client's request id is too long.</exception>
    public RequestContext ToContext() => new()
    {
        ClientRequestId = ClientRequestIdOf(Http) is not { } id
            ? null
            : id.Length <= LongestClientRequestId
                ? id
                : throw ArmErrors.InvalidParameter(
                    "x-ms-client-request-id", $"The header x-ms-client-request-id has {id.Length} characters, expected at most {LongestClientRequestId}."),
        ContentId = ClientRequestIdOf(Http) is null ? "" : DigestContent(),
        IfMatch = HeaderOf("If-Match"),
        IfNoneMatch = HeaderOf("If-None-Match"),
        Query = Query,
    };

    /// <summary>The id that a client gave its request, and gives it again when it repeats it.</summary>
    public static string? ClientRequestIdOf(HttpContext context) =>
        context.Request.Headers["x-ms-client-request-id"].ToString() is { Length: > 0 } id ? id : null;

    private string DigestContent()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(Encoding.UTF8.GetBytes(Http.Request.QueryString.Value ?? ""));
        digest.AppendData(Content.Span);
        return Convert.ToHexString(digest.GetHashAndReset());
    }

    private string? HeaderOf(string name) => Http.Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;
}
