using System.Globalization;
using System.Net;
using System.Text;
using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>
/// The wire server at 168.63.129.16:80: where agents learn what they are to be and say what they are. Agents that come with a container or an incarnation of before are
/// answered with 410, upon which they ask for the goal state again.
/// </summary>
internal sealed class WireServer(WireState state) : IGuestService
{
    private const int LongestName = 64;

    /// <inheritdoc/>
    public GuestAnswer Answer(GuestRequest request)
    {
        string path = request.Path.TrimEnd('/');
        string comp = (request.Query.GetValueOrDefault("comp") ?? "").ToUpperInvariant();
        if (path.Length == 0)
        {
            return comp == "VERSIONS" ? OnGet(request, GuestAnswer.Xml(WireDocuments.Versions())) : NotFound();
        }

        if (path.Equals("/HealthService", StringComparison.OrdinalIgnoreCase))
        {
            return OnPost(request, static _ => new GuestAnswer(HttpStatusCode.OK));
        }

        string[] segments = path.Split('/', 5);
        if (segments.Length > 4 || !segments[1].Equals("machine", StringComparison.OrdinalIgnoreCase))
        {
            return NotFound();
        }

        return Refusal(request, segments) ?? comp switch
        {
            "GOALSTATE" => GoalState(request),
            "CONFIG" => Config(request),
            "CERTIFICATES" => Certificates(request),
            "HEALTH" => OnPost(request, Health),
            "ROLEPROPERTIES" => OnPost(request, Properties),
            "TELEMETRYDATA" => OnPost(request, static _ => new GuestAnswer(HttpStatusCode.OK)),
            _ => NotFound(),
        };
    }

    private static GuestAnswer NotFound() => Error(HttpStatusCode.NotFound, "ResourceNotFound", "There is no such resource.");

    private static GuestAnswer Malformed(string message) => Error(HttpStatusCode.BadRequest, "InvalidInput", message);

    private static GuestAnswer Error(HttpStatusCode status, string code, string message) =>
        new(status, "text/xml; charset=utf-8", Encoding.UTF8.GetBytes(WireDocuments.Error(code, message)));

    private static GuestAnswer OnGet(GuestRequest request, GuestAnswer answer) => request.Method == "GET" ? answer : NotAllowed("GET");

    private static GuestAnswer OnPost(GuestRequest request, Func<GuestRequest, GuestAnswer> answer) => request.Method == "POST" ? answer(request) : NotAllowed("POST");

    private static GuestAnswer NotAllowed(string method) =>
        Error(HttpStatusCode.MethodNotAllowed, "UnsupportedHttpVerb", $"Only {method} is supported here.") with { Headers = [new("Allow", method)] };

    /// <summary>What is asked of every request: a version, this container, this incarnation.</summary>
    private GuestAnswer? Refusal(GuestRequest request, string[] segments)
    {
        switch (request.Header("x-ms-version"))
        {
            case null or "":
                return Error(HttpStatusCode.BadRequest, "MissingRequiredHeader", "The header x-ms-version is missing.");
            case WireDocuments.Preferred or WireDocuments.Newer:
                break;
            default:
                return Error(
                    HttpStatusCode.BadRequest, "InvalidHeaderValue", $"The header x-ms-version is neither {WireDocuments.Preferred} nor {WireDocuments.Newer}.");
        }

        bool isContainer = segments.Length < 3 || segments[2].Equals(state.Identity.ContainerId, StringComparison.OrdinalIgnoreCase);
        bool isInstance = segments.Length < 4 || segments[3].Equals(state.RoleInstance, StringComparison.OrdinalIgnoreCase);
        bool isCurrent = request.Query.GetValueOrDefault("incarnation") is not { } incarnation
            || incarnation == state.Incarnation.ToString(CultureInfo.InvariantCulture);
        return isContainer && isInstance && isCurrent ? null : Gone();
    }

    private static GuestAnswer Gone() =>
        Error(HttpStatusCode.Gone, "ResourceNotAvailable", "The resource requested is no longer available. Please refresh your cache.");

    private GuestAnswer GoalState(GuestRequest request)
    {
        if (request.Method != "GET")
        {
            return NotAllowed("GET");
        }

        state.Tell(GuestSignalKind.GoalStatePolled, GuestAgent.Of(request));
        return GuestAnswer.Xml(WireDocuments.GoalState(state, Version(request)));
    }

    private GuestAnswer Config(GuestRequest request)
    {
        if (request.Method != "GET")
        {
            return NotAllowed("GET");
        }

        return (request.Query.GetValueOrDefault("type") ?? "").ToUpperInvariant() switch
        {
            "HOSTINGENVIRONMENTCONFIG" => GuestAnswer.Xml(WireDocuments.HostingEnvironment(state)),
            "SHAREDCONFIG" => GuestAnswer.Xml(WireDocuments.SharedConfig(state)),
            "EXTENSIONSCONFIG" => GuestAnswer.Xml(WireDocuments.ExtensionsConfig(state)),
            _ => NotFound(),
        };
    }

    private GuestAnswer Certificates(GuestRequest request)
    {
        if (request.Method != "GET")
        {
            return NotAllowed("GET");
        }

        if (request.Header("x-ms-guest-agent-public-x509-cert") is not { Length: > 0 } certificate)
        {
            return Error(HttpStatusCode.BadRequest, "MissingRequiredHeader", "The header x-ms-guest-agent-public-x509-cert is missing.");
        }

        return state.Certificate.Seal(certificate, request.Header("x-ms-cipher-name")) is { } envelope
            ? GuestAnswer.Xml(WireDocuments.Certificates(state, Version(request), envelope))
            : Malformed($"The certificate is none with an RSA key, or the cipher is neither {TenantCertificate.Aes} nor {TenantCertificate.TripleDes}.");
    }

    private GuestAnswer Health(GuestRequest request)
    {
        if (!HealthReport.TryParse(request.Body.Span, out HealthReport? report))
        {
            return Malformed("The health report cannot be read.");
        }

        if (report.ContainerId is { } container && !container.Equals(state.Identity.ContainerId, StringComparison.OrdinalIgnoreCase))
        {
            return Gone();
        }

        state.Tell(report.IsReady ? GuestSignalKind.Ready : GuestSignalKind.NotReady, GuestAgent.Of(request), report.SubStatus, report.Description);
        return new GuestAnswer(HttpStatusCode.OK);
    }

    private GuestAnswer Properties(GuestRequest request)
    {
        if (!WireXml.TryRead(request.Body.Span, out IReadOnlyList<WireElement>? elements) || elements.Count == 0 || elements[^1].Path != "RoleProperties")
        {
            return Malformed("The role properties cannot be read.");
        }

        foreach (WireElement property in elements.Where(static element => element.Path.EndsWith("/Properties/Property", StringComparison.Ordinal)))
        {
            if (GuestText.Clean(property.Attributes.GetValueOrDefault("name"), LongestName) is { } name)
            {
                state.Note(name, property.Attributes.GetValueOrDefault("value") ?? "");
            }
        }

        return new GuestAnswer(HttpStatusCode.Accepted);
    }

    private static string Version(GuestRequest request) => request.Header("x-ms-version") ?? WireDocuments.Preferred;
}
