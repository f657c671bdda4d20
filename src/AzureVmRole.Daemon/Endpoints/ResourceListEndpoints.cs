using System.Globalization;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>Lists of resources of all types, in the short form that clients of any provider understand.</summary>
internal sealed class ResourceListEndpoints(FabricDoor door)
{
    private static readonly string[] Members = ["id", "name", "type", "location", "tags", "sku", "zones", "plan", "kind", "identity", "managedBy"];
    private static readonly (string Name, string Source)[] Expandable = [("provisioningState", "provisioningState"), ("createdTime", "timeCreated")];
    private static readonly ResourceType[] Types = [.. ResourceType.All.Where(type => type != ResourceType.ResourceGroups)];

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        routes.Map("GET", "subscriptions/{subscription}/resources", request => List(request, new ListScope(request["subscription"])));
        routes.Map("GET", "subscriptions/{subscription}/resourceGroups/{group}/resources", ListOfGroup);
    }

    private ArmAnswer ListOfGroup(ArmRequest request)
    {
        ResourceNames.CheckGroup(request["group"]);
        var group = new ResourceId(request["subscription"], request["group"], ResourceType.ResourceGroups, request["group"]);
        door.Of(ResourceType.ResourceGroups).Read(group, request.ToContext());
        return List(request, new ListScope(request["subscription"], request["group"]));
    }

    /// <summary>Goes through the types one after the other; a page's continuation is the type's number and the key within it.</summary>
    private ArmAnswer List(ArmRequest request, ListScope scope)
    {
        var filter = ResourceFilter.Parse(request.Query.GetValueOrDefault("$filter", ""));
        string[] expand = request.Query.GetValueOrDefault("$expand", "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        (int index, string? continuation) = Start(Paging.Continuation(request));
        int top = Paging.Top(request);
        RequestContext context = request.ToContext();
        var items = new List<JsonNode>();
        while (index < Types.Length && items.Count < top)
        {
            if (filter.CanMatch(Types[index]) && door.Requests.ContainsKey(Types[index]))
            {
                ResourcePage page = door.Of(Types[index]).List(scope, continuation, top - items.Count, context);
                items.AddRange(page.Items.Where(filter.Matches).Select(resource => Shorten(resource, expand)));
                continuation = page.Continuation;
            }

            index += continuation is null ? 1 : 0;
        }

        string? next = index < Types.Length ? string.Create(CultureInfo.InvariantCulture, $"{index}|{continuation}") : null;
        return ArmAnswer.Page(items, Paging.NextLink(request, next));
    }

    private static (int Index, string? Continuation) Start(string? text)
    {
        if (text is null)
        {
            return (0, null);
        }

        int bar = text.IndexOf('|', StringComparison.Ordinal);
        return bar > 0 && int.TryParse(text[..bar], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? (index, text.Length > bar + 1 ? text[(bar + 1)..] : null)
            : throw ArmErrors.InvalidParameter("$skiptoken", "The query parameter $skiptoken is none that this fabric gave.");
    }

    private static JsonObject Shorten(JsonObject resource, string[] expand)
    {
        var item = new JsonObject();
        foreach (string member in Members.Where(resource.ContainsKey))
        {
            item[member] = resource[member]?.DeepClone();
        }

        foreach ((string name, string source) in Expandable.Where(pair => expand.Contains(pair.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (resource["properties"]?[source] is { } value)
            {
                item[name] = value.DeepClone();
            }
        }

        return item;
    }
}
