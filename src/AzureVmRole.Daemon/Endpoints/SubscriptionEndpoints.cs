using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>What clients ask before they come to resources: tenant, subscription, locations, providers.</summary>
internal sealed class SubscriptionEndpoints(FabricDoor door)
{
    /// <summary>The one tenant.</summary>
    public const string TenantId = "00000000-0000-0000-0000-0000000007e4";

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        const string One = "subscriptions/{subscription}";
        routes.Map("GET", "tenants", _ => ArmAnswer.Page([Tenant()], null));
        routes.Map("GET", "subscriptions", _ => ArmAnswer.Page([Subscription()], null));
        routes.Map("GET", One, _ => ArmAnswer.Ok(Subscription()));
        routes.Map("GET", $"{One}/locations", _ => ArmAnswer.Page([.. door.Options.Locations.Select(Location)], null));
        routes.Map("GET", "providers", _ => ArmAnswer.Page(Providers(null), null));
        routes.Map("GET", "providers/{namespace}", request => ArmAnswer.Ok(Provider(request, null)));
        routes.Map("GET", $"{One}/providers", _ => ArmAnswer.Page(Providers(Id), null));
        routes.Map("GET", $"{One}/providers/{{namespace}}", request => ArmAnswer.Ok(Provider(request, Id)));
        routes.Map("POST", $"{One}/providers/{{namespace}}/register", request => ArmAnswer.Ok(Provider(request, Id)));
        routes.Map("GET", $"{One}/providers/{{namespace}}/resourceTypes", ResourceTypes);
        routes.Map("GET", "providers/{namespace}/operations", Operations);
    }

    private string Id => door.Options.SubscriptionId;

    private static JsonObject Tenant() => new()
    {
        ["id"] = $"/tenants/{TenantId}",
        ["tenantId"] = TenantId,
        ["displayName"] = "AzureVmRole local fabric",
        ["tenantCategory"] = "Home",
    };

    private JsonObject Subscription() => new()
    {
        ["id"] = $"/subscriptions/{Id}",
        ["subscriptionId"] = Id,
        ["tenantId"] = TenantId,
        ["displayName"] = "AzureVmRole local fabric",
        ["state"] = "Enabled",
        ["subscriptionPolicies"] = new JsonObject { ["locationPlacementId"] = "Internal_2014-09-01", ["quotaId"] = "Internal_2014-09-01", ["spendingLimit"] = "Off" },
        ["authorizationSource"] = "RoleBased",
    };

    private JsonObject Location(string name) => new()
    {
        ["id"] = $"/subscriptions/{Id}/locations/{name}",
        ["name"] = name,
        ["type"] = "Region",
        ["displayName"] = name,
        ["regionalDisplayName"] = name,
        ["metadata"] = new JsonObject { ["regionType"] = "Physical", ["regionCategory"] = "Recommended", ["physicalLocation"] = "this machine" },
    };

    private JsonObject[] Providers(string? subscriptionId) =>
        [.. ProviderDocuments.Namespaces.Select(name => ProviderDocuments.Provider(name, subscriptionId, door.Options.Locations))];

    private ArmAnswer ResourceTypes(ArmRequest request)
    {
        JsonNode[] types = [.. Provider(request, Id)["resourceTypes"]!.AsArray().Select(type => type!.DeepClone())];
        return ArmAnswer.Page(types, null);
    }

    private ArmAnswer Operations(ArmRequest request) => ArmAnswer.Page(
        [.. ProviderDocuments.Operations(Provider(request, null)["namespace"]!.ToString())], null);

    private JsonObject Provider(ArmRequest request, string? subscriptionId) => ProviderDocuments.IsKnown(request["namespace"])
        ? ProviderDocuments.Provider(request["namespace"], subscriptionId, door.Options.Locations)
        : throw ArmErrors.InvalidNamespace(request["namespace"]);
}
