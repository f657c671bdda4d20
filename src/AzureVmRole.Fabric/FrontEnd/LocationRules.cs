using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>Where resources can be.</summary>
internal static class LocationRules
{
    /// <summary>A location as the fabric writes it: "West US 2" and "westus2" are one.</summary>
    public static string Normalize(string location) => location.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The location that the body of a PUT names, or that of the resource where the body names none.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="body">The body.</param>
    /// <param name="found">The resource as it is; null when it is made.</param>
    /// <param name="locations">The fabric's locations.</param>
    /// <exception cref="FabricException">It is missing, the fabric does not have it, or the resource is in another one.</exception>
    public static string Require(ResourceId id, JsonObject body, Resource? found, IReadOnlyList<string> locations)
    {
        if (body["location"] is not JsonValue value || !value.TryGetValue(out string? text) || text.Length == 0)
        {
            return found?.Location ?? throw new FabricException(
                HttpStatusCode.BadRequest, "LocationRequired", "location", "The location property is required for this definition.",
                $"Give one of {string.Join(", ", locations)}.");
        }

        string location = Normalize(text);
        if (!locations.Contains(location, StringComparer.Ordinal))
        {
            throw NotAvailable(id.Type, text, locations);
        }

        return found is null || found.Location == location ? location : throw IsElsewhere(id, found, text);
    }

    private static FabricException NotAvailable(ResourceType type, string location, IReadOnlyList<string> locations)
    {
        string list = string.Join(",", locations);
        return type == ResourceType.ResourceGroups
            ? new FabricException(
                HttpStatusCode.BadRequest, "LocationNotAvailableForResourceGroup", "location",
                $"The provided location '{location}' is not available for resource group. List of available regions is '{list}'.", "Give one of these.")
            : new FabricException(
                HttpStatusCode.BadRequest, "LocationNotAvailableForResourceType", "location",
                $"The provided location '{location}' is not available for resource type '{type}'. List of available regions for the resource type is '{list}'.",
                "Give one of these.");
    }

    private static FabricException IsElsewhere(ResourceId id, Resource found, string location) => id.Type == ResourceType.ResourceGroups
        ? new FabricException(
            HttpStatusCode.Conflict, "InvalidResourceGroupLocation", id.Name,
            $"Invalid resource group location '{location}'. The Resource group already exists in location '{found.Location}'.", "Give that location, or another name.")
        : new FabricException(
            HttpStatusCode.Conflict, "InvalidResourceLocation", id.Name,
            $"The resource '{id.Name}' already exists in location '{found.Location}' in resource group '{id.GroupName}'. A resource with the same name cannot be created in location '{location}'.",
            "Give that location, or another name.");
}
