using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>What is asked of the daemon itself, beside Azure's dialect.</summary>
/// <param name="describe">What the daemon is, as in fabric.json.</param>
/// <param name="stop">Begins to stop the daemon.</param>
internal sealed class FabricEndpoints(Func<JsonObject> describe, Action stop)
{
    /// <summary>The first part of these paths.</summary>
    public const string Root = "fabric";

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        routes.Map("GET", $"{Root}/health", _ =>
        {
            JsonObject body = describe();
            body["status"] = "Running";
            return ArmAnswer.Ok(body);
        });
        routes.Map("POST", $"{Root}/stop", _ =>
        {
            stop();
            return ArmAnswer.Document(HttpStatusCode.Accepted, new JsonObject { ["status"] = "Stopping" });
        });
    }
}
