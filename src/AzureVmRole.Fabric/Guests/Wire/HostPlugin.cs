using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests.Http;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>
/// The host's plug-in for guest agents at 168.63.129.16:32526. Its settings say that they come from the fabric, so that agents take the wire server's; a request for another
/// container is answered with 410, upon which agents ask for the goal state again.
/// </summary>
internal sealed class HostPlugin(WireState state) : IGuestService
{
    /// <summary>The port beside the wire server's address.</summary>
    public const int Port = 32526;

    /// <summary>Agents from 2.15 on take settings of no older plug-in.</summary>
    private const string PluginVersion = "1.0.8.133";

    private const string ApiVersion = "2015-09-01";

    /// <inheritdoc/>
    public GuestAnswer Answer(GuestRequest request)
    {
        (string Method, Func<GuestRequest, GuestAnswer> Answer) route;
        switch (request.Path.TrimEnd('/').ToUpperInvariant())
        {
            case "/VERSIONS":
                route = ("GET", static _ => GuestAnswer.Json($"[\"{ApiVersion}\"]"));
                break;
            case "/HEALTH":
                route = ("GET", static _ => new GuestAnswer(HttpStatusCode.OK));
                break;
            case "/VMSETTINGS":
                route = ("GET", Settings);
                break;
            case "/STATUS":
                route = ("PUT", Status);
                break;
            case "/VMAGENTLOG":
                route = ("PUT", static _ => new GuestAnswer(HttpStatusCode.OK));
                break;
            default:
                return new GuestAnswer(HttpStatusCode.NotFound);
        }

        if (request.Method != route.Method)
        {
            return new GuestAnswer(HttpStatusCode.MethodNotAllowed) { Headers = [new("Allow", route.Method)] };
        }

        bool isElsewhere = request.Header("x-ms-containerid") is { Length: > 0 } container
            && !container.Equals(state.Identity.ContainerId, StringComparison.OrdinalIgnoreCase);
        return isElsewhere ? new GuestAnswer(HttpStatusCode.Gone) : route.Answer(request);
    }

    private static GuestAnswer Malformed(string message) => new(HttpStatusCode.BadRequest, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(message));

    private GuestAnswer Settings(GuestRequest request)
    {
        if (request.Header("x-ms-version") is { } version && version != ApiVersion)
        {
            return Malformed($"The header x-ms-version is not {ApiVersion}.");
        }

        int incarnation = state.Incarnation;
        string tag = string.Create(CultureInfo.InvariantCulture, $"{state.Identity.ContainerId}-{incarnation}");
        KeyValuePair<string, string>[] headers = [new("ETag", tag)];
        if (request.Header("if-none-match") == tag)
        {
            return new GuestAnswer(HttpStatusCode.NotModified) { Headers = headers };
        }

        GuestIdentity identity = state.Identity;
        var settings = new JsonObject
        {
            ["hostGAPluginVersion"] = PluginVersion,
            ["vmSettingsSchemaVersion"] = "0.0",
            ["activityId"] = Guid.Empty.ToString(),
            ["correlationId"] = Guid.Empty.ToString(),
            ["inSvdSeqNo"] = incarnation,
            ["extensionsLastModifiedTickCount"] = DateTimeOffset.UnixEpoch.Ticks,
            ["extensionGoalStatesSource"] = "Fabric",
            ["onHold"] = false,
            ["statusUploadBlob"] = new JsonObject { ["statusBlobType"] = "BlockBlob", ["value"] = WireDocuments.StatusAddress(state) },
            ["inVMMetadata"] = new JsonObject
            {
                ["subscriptionId"] = identity.SubscriptionId,
                ["resourceGroupName"] = identity.ResourceGroupName,
                ["vmName"] = identity.Name,
                ["location"] = identity.Location,
                ["vmId"] = identity.InstanceId,
                ["vmSize"] = identity.Size,
                ["osType"] = identity.OSType,
            },
            ["requiredFeatures"] = new JsonArray(),
            ["gaFamilies"] = new JsonArray(),
            ["extensionGoalStates"] = new JsonArray(),
        };
        return GuestAnswer.Json(settings.ToJsonString()) with { Headers = headers };
    }

    private GuestAnswer Status(GuestRequest request)
    {
        if (!StatusReport.TryParse(request.Body, out GuestStatus? status))
        {
            return Malformed("The status cannot be read.");
        }

        var agent = GuestAgent.Of(request);
        if (status is not null)
        {
            state.Status = status;
            agent = agent with { Version = status.AgentVersion ?? agent.Version };
        }

        state.Tell(GuestSignalKind.StatusPut, agent, status?.Agent, status?.Message);
        return new GuestAnswer(HttpStatusCode.OK);
    }
}
