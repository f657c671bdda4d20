using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>
/// The tags of a resource or group as a resource of their own (<c>SCOPE/providers/Microsoft.Resources/tags/default</c>): read, replaced, merged, taken away.
/// They are those of the resource; a change is a PATCH of it.
/// </summary>
internal sealed class TagEndpoints(FabricDoor door, OperationAnswers operations)
{
    private const string Group = "subscriptions/{subscription}/resourceGroups/{group}";
    private const string Default = "providers/Microsoft.Resources/tags/default";

    /// <summary>Adds the routes; they have to come before those of resources.</summary>
    public void Map(RouteTable routes)
    {
        foreach (string scope in (string[])[Group, Group + "/providers/{namespace}/{type}/{name}"])
        {
            routes.Map("GET", $"{scope}/{Default}", request => Answer(request, TagsOf(request)));
            routes.Map("PUT", $"{scope}/{Default}", async request => await SaveAsync(request, TagsIn(await JsonBody.ReadAsync(request, isRequired: true).ConfigureAwait(false))).ConfigureAwait(false));
            routes.Map("PATCH", $"{scope}/{Default}", PatchAsync);
            routes.Map("DELETE", $"{scope}/{Default}", async request =>
            {
                await SaveAsync(request, []).ConfigureAwait(false);
                return new ArmAnswer(HttpStatusCode.OK);
            });
        }
    }

    private async Task<ArmAnswer> PatchAsync(ArmRequest request)
    {
        JsonObject body = await JsonBody.ReadAsync(request, isRequired: true).ConfigureAwait(false);
        JsonObject named = TagsIn(body);
        string operation = body["operation"] is JsonValue value && value.TryGetValue(out string? text) ? text : "";
        JsonObject tags = operation.ToLowerInvariant() switch
        {
            "replace" => named,
            "merge" => Merge(TagsOf(request), named),
            "delete" => Without(TagsOf(request), named),
            _ => throw ArmErrors.InvalidParameter("operation", $"The operation is '{operation}', expected Replace, Merge or Delete."),
        };
        return await SaveAsync(request, tags).ConfigureAwait(false);
    }

    private async Task<ArmAnswer> SaveAsync(ArmRequest request, JsonObject tags)
    {
        ResourceId id = ResourceEndpoints.IdOf(request);
        Acceptance accepted = await door.Of(id.Type).PatchAsync(id, new JsonObject { ["tags"] = tags }, request.ToContext(), request.Http.RequestAborted).ConfigureAwait(false);
        if (accepted.OperationId is { } running)
        {
            await operations.EndAsync(running, request.Http.RequestAborted).ConfigureAwait(false);
        }

        return Answer(request, TagsOf(request));
    }

    private JsonObject TagsOf(ArmRequest request)
    {
        ResourceId id = ResourceEndpoints.IdOf(request);
        return door.Of(id.Type).Read(id, request.ToContext())["tags"] is JsonObject tags ? (JsonObject)tags.DeepClone() : [];
    }

    private static ArmAnswer Answer(ArmRequest request, JsonObject tags) => ArmAnswer.Ok(new JsonObject
    {
        ["id"] = $"{ResourceEndpoints.IdOf(request).Text}/{Default}",
        ["name"] = "default",
        ["type"] = "Microsoft.Resources/tags",
        ["properties"] = new JsonObject { ["tags"] = tags },
    });

    private static JsonObject TagsIn(JsonObject body) => (body["properties"] as JsonObject)?["tags"] is JsonObject tags
        ? (JsonObject)tags.DeepClone()
        : throw ArmErrors.InvalidParameter("properties.tags", "Required parameter 'properties.tags' is missing (null).");

    /// <summary>Names of tags are compared without regard to case.</summary>
    private static JsonObject Merge(JsonObject tags, JsonObject named)
    {
        foreach ((string name, JsonNode? value) in named)
        {
            Remove(tags, name);
            tags[name] = value?.DeepClone();
        }

        return tags;
    }

    /// <summary>A tag goes when its name and its value are named.</summary>
    private static JsonObject Without(JsonObject tags, JsonObject named)
    {
        foreach ((string name, JsonNode? value) in named)
        {
            string? key = tags.Select(tag => tag.Key).FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (key is not null && JsonNode.DeepEquals(tags[key], value))
            {
                tags.Remove(key);
            }
        }

        return tags;
    }

    private static void Remove(JsonObject tags, string name)
    {
        foreach (string key in tags.Select(tag => tag.Key).Where(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            tags.Remove(key);
        }
    }
}
