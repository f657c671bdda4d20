using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>
/// The resource providers as clients see them. Microsoft.Resources does not name <c>tags</c>: clients then change tags by GET and PATCH of the resource itself.
/// </summary>
internal static class ProviderDocuments
{
    private const string Compute = "Microsoft.Compute";
    private const string Resources = "Microsoft.Resources";

    // Any version is answered; these are the ones that the measured clients use.
    private static readonly string[] ComputeVersions = ["2024-07-01", "2024-03-01", "2023-07-01", "2023-04-02", "2022-08-01", "2022-03-03", "2021-07-01", "2020-06-01", "2019-12-01"];
    private static readonly string[] ResourcesVersions = ["2024-03-01", "2022-12-01", "2022-09-01", "2021-04-01", "2020-10-01", "2019-10-01"];

    /// <summary>The namespaces.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = [Compute, Resources];

    /// <summary>Whether the fabric has a provider.</summary>
    public static bool IsKnown(string @namespace) => Namespaces.Contains(@namespace, StringComparer.OrdinalIgnoreCase);

    /// <summary>A provider.</summary>
    /// <param name="namespace">Its namespace, in any case of letters.</param>
    /// <param name="subscriptionId">The subscription that it is registered with; null for the tenant's list.</param>
    /// <param name="locations">The locations of the fabric.</param>
    public static JsonObject Provider(string @namespace, string? subscriptionId, IReadOnlyList<string> locations)
    {
        bool isCompute = @namespace.Equals(Compute, StringComparison.OrdinalIgnoreCase);
        string name = isCompute ? Compute : Resources;
        var types = new JsonArray();
        foreach (string type in isCompute ? ComputeTypes() : ["resourceGroups", "subscriptions", "subscriptions/resourceGroups", "subscriptions/locations", "subscriptions/providers", "tenants"])
        {
            types.Add(TypeOf(type, isCompute ? locations : [], isCompute ? ComputeVersions : ResourcesVersions));
        }

        var provider = new JsonObject { ["namespace"] = name, ["resourceTypes"] = types };
        if (subscriptionId is not null)
        {
            provider["id"] = $"/subscriptions/{subscriptionId}/providers/{name}";
            provider["registrationState"] = "Registered";
            provider["registrationPolicy"] = "RegistrationFree";
        }

        return provider;
    }

    /// <summary>What can be done with a provider's resources.</summary>
    /// <param name="namespace">Its namespace.</param>
    public static IEnumerable<JsonObject> Operations(string @namespace)
    {
        foreach (ResourceType type in ResourceType.All.Where(type => type.Namespace == @namespace))
        {
            string path = type == ResourceType.ResourceGroups ? $"{type.Namespace}/subscriptions/{type.Name}" : type.FullName;
            foreach (string action in (string[])["read", "write", "delete", .. Dialect.Of(type).Actions.Select(action => $"{action}/action")])
            {
                yield return new JsonObject
                {
                    ["name"] = $"{path}/{action}",
                    ["isDataAction"] = false,
                    ["origin"] = "user,system",
                    ["display"] = new JsonObject
                    {
                        ["provider"] = type.Namespace, ["resource"] = type.Name, ["operation"] = action.Split('/')[0], ["description"] = $"{action.Split('/')[0]} of {type.Name}",
                    },
                };
            }
        }
    }

    private static IEnumerable<string> ComputeTypes() => ResourceType.All
        .Where(type => type.Namespace == Compute)
        .Select(type => type.Name)
        .Concat(["locations", "locations/operations", "locations/vmSizes", "locations/usages", "locations/publishers", "locations/virtualMachines", "skus", "operations"]);

    private static JsonObject TypeOf(string name, IReadOnlyList<string> locations, string[] versions) => new()
    {
        ["resourceType"] = name,
        ["locations"] = new JsonArray([.. locations.Select(location => JsonValue.Create(location))]),
        ["apiVersions"] = new JsonArray([.. versions.Select(version => JsonValue.Create(version))]),
        ["capabilities"] = "None",
    };
}
