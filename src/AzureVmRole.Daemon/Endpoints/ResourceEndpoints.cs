using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Daemon.Http;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Endpoints;

/// <summary>Resources of every type: one by one, what is below them, and lists of them. What differs between types is in <see cref="Dialect"/>.</summary>
internal sealed class ResourceEndpoints(FabricDoor door, OperationAnswers operations)
{
    private const string Subscription = "subscriptions/{subscription}";
    private const string Group = Subscription + "/resourceGroups/{group}";
    private const string Type = "providers/{namespace}/{type}";

    /// <summary>Adds the routes.</summary>
    public void Map(RouteTable routes)
    {
        routes.Map("GET", $"{Subscription}/resourceGroups", request => List(request, ResourceType.ResourceGroups, new ListScope(request["subscription"])));
        MapOne(routes, Group);
        routes.Map("GET", $"{Subscription}/{Type}", request => List(request, TypeOf(request), new ListScope(request["subscription"])));
        routes.Map("GET", $"{Group}/{Type}", ListOfGroup);
        MapOne(routes, $"{Group}/{Type}/{{name}}");
        routes.Map("GET", $"{Group}/{Type}/{{name}}/{{below}}", ReadPart);
        routes.Map("POST", $"{Group}/{Type}/{{name}}/{{below}}", ActAsync);
        foreach (string method in (string[])["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST"])
        {
            routes.Map(method, $"{Group}/{Type}/{{name}}/{{below}}/{{belowName}}", ArmAnswer (request) => throw NoType(request, TypeOf(request)));
        }
    }

    /// <summary>A list of resources of one type.</summary>
    public ArmAnswer List(ArmRequest request, ResourceType type, ListScope scope)
    {
        ResourcePage page = door.Of(type).List(scope, Paging.Continuation(request), Paging.Top(request), request.ToContext());
        return ArmAnswer.Page(page.Items, Paging.NextLink(request, page.Continuation));
    }

    private void MapOne(RouteTable routes, string pattern)
    {
        routes.Map("GET", pattern, request => ArmAnswer.Document(HttpStatusCode.OK, Read(request, IdOf(request))));
        routes.Map("HEAD", pattern, Exists);
        routes.Map("PUT", pattern, PutAsync);
        routes.Map("PATCH", pattern, PatchAsync);
        routes.Map("DELETE", pattern, DeleteAsync);
    }

    private JsonObject Read(ArmRequest request, ResourceId id) => InGroup(id, () => door.Of(id.Type).Read(id, request.ToContext()));

    private ArmAnswer Exists(ArmRequest request)
    {
        Read(request, IdOf(request));
        return new ArmAnswer(HttpStatusCode.NoContent);
    }

    private async Task<ArmAnswer> PutAsync(ArmRequest request)
    {
        ResourceId id = InSpellingOfGroup(IdOf(request), request);
        JsonObject body = await JsonBody.ReadAsync(request, isRequired: true).ConfigureAwait(false);
        Acceptance accepted = await door.Of(id.Type).PutAsync(id, body, request.ToContext(), request.Http.RequestAborted).ConfigureAwait(false);
        HttpStatusCode status = Dialect.Of(id.Type).PutStatus(accepted.IsCreated, accepted.OperationId is not null);
        return operations.Follow(request, ArmAnswer.Document(status, accepted.Body), accepted.OperationId, withStatus: true, withResult: false);
    }

    // Clients that are answered before the end poll the resource, and lose the error's code.
    private async Task<ArmAnswer> PatchAsync(ArmRequest request)
    {
        ResourceId id = IdOf(request);
        JsonObject body = await JsonBody.ReadAsync(request, isRequired: true).ConfigureAwait(false);
        Acceptance accepted = await door.Of(id.Type).PatchAsync(id, body, request.ToContext(), request.Http.RequestAborted).ConfigureAwait(false);
        if (accepted.OperationId is null)
        {
            return ArmAnswer.Document(HttpStatusCode.OK, accepted.Body);
        }

        await operations.EndAsync(accepted.OperationId, request.Http.RequestAborted).ConfigureAwait(false);
        return ArmAnswer.Document(HttpStatusCode.OK, Read(request, id));
    }

    private async Task<ArmAnswer> DeleteAsync(ArmRequest request)
    {
        ResourceId id = IdOf(request);
        Acceptance accepted = await door.Of(id.Type).DeleteAsync(id, request.ToContext(), request.Http.RequestAborted).ConfigureAwait(false);
        HttpStatusCode status = accepted switch
        {
            { OperationId: not null } => HttpStatusCode.Accepted,
            { IsNothing: true } => HttpStatusCode.NoContent,
            _ => HttpStatusCode.OK,
        };
        return operations.Follow(request, new ArmAnswer(status), accepted.OperationId, Dialect.Of(id.Type).HasStatusAddress, withResult: true);
    }

    private ArmAnswer ReadPart(ArmRequest request)
    {
        ResourceId id = IdOf(request);
        var dialect = Dialect.Of(id.Type);
        if (Find(dialect.EmptyLists, request["below"]) is not null)
        {
            Read(request, id);
            return ArmAnswer.Page([], null);
        }

        string? part = Find(dialect.Parts, request["below"]);
        if (part is null)
        {
            throw Find(dialect.Actions, request["below"]) is null
                ? NoType(request, id.Type)
                : ArmErrors.MethodNotAllowed("GET", ["POST"]);
        }

        return ArmAnswer.Ok(InGroup(id, () => door.Of(id.Type).ReadPart(id, part, request.ToContext())));
    }

    private async Task<ArmAnswer> ActAsync(ArmRequest request)
    {
        ResourceId id = IdOf(request);
        var dialect = Dialect.Of(id.Type);
        string? action = Find(dialect.Actions, request["below"]);
        if (action is null)
        {
            throw Find(dialect.Parts, request["below"]) is null
                ? NoType(request, id.Type)
                : ArmErrors.MethodNotAllowed("POST", ["GET"]);
        }

        JsonObject body = await JsonBody.ReadAsync(request, isRequired: false).ConfigureAwait(false);
        Acceptance accepted = await InGroupAsync(
            id, () => door.Of(id.Type).ActAsync(id, action, body, request.ToContext(), request.Http.RequestAborted)).ConfigureAwait(false);
        if (accepted.OperationId is { } running && dialect.SynchronousActions.Contains(action, StringComparer.Ordinal))
        {
            Operation ended = await operations.EndAsync(running, request.Http.RequestAborted).ConfigureAwait(false);
            return ArmAnswer.Document(HttpStatusCode.OK, ended.Result);
        }

        return accepted.OperationId is null
            ? ArmAnswer.Document(HttpStatusCode.OK, accepted.Body)
            : operations.Follow(request, new ArmAnswer(HttpStatusCode.Accepted), accepted.OperationId, withStatus: true, withResult: true);
    }

    private ArmAnswer ListOfGroup(ArmRequest request)
    {
        ResourceType type = TypeOf(request);
        ResourceId group = GroupOf(request);
        door.Of(ResourceType.ResourceGroups).Read(group, request.ToContext());
        return List(request, type, new ListScope(request["subscription"], group.Name));
    }

    // Azure says first that the group is missing.
    private T InGroup<T>(ResourceId id, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (FabricException exception) when (exception.AzureCode == "ResourceNotFound")
        {
            CheckGroup(id);
            throw;
        }
    }

    private async Task<T> InGroupAsync<T>(ResourceId id, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (FabricException exception) when (exception.AzureCode == "ResourceNotFound")
        {
            CheckGroup(id);
            throw;
        }
    }

    private void CheckGroup(ResourceId id) =>
        door.Of(ResourceType.ResourceGroups).Read(id.Group, new RequestContext { Query = ImmutableDictionary<string, string>.Empty });

    /// <summary>The id of a resource to be made, with its group as the group's own id spells it.</summary>
    private ResourceId InSpellingOfGroup(ResourceId id, ArmRequest request)
    {
        if (id.Type == ResourceType.ResourceGroups || !door.Requests.TryGetValue(ResourceType.ResourceGroups, out IResourceRequests? groups))
        {
            return id;
        }

        string name = groups.Read(id.Group, request.ToContext())["name"]!.ToString();
        return name == id.GroupName ? id : new ResourceId(id.SubscriptionId, name, id.Type, id.Name);
    }

    private static FabricException NoType(ArmRequest request, ResourceType type) =>
        ArmErrors.InvalidType(type.Namespace, $"{type.Name}/{request["below"]}", request.ApiVersion);

    private static ResourceId GroupOf(ArmRequest request)
    {
        ResourceNames.CheckGroup(request["group"]);
        return new ResourceId(request["subscription"], request["group"], ResourceType.ResourceGroups, request["group"]);
    }

    /// <summary>The resource or group that the path names.</summary>
    internal static ResourceId IdOf(ArmRequest request)
    {
        ResourceId group = GroupOf(request);
        if (!request.Values.TryGetValue("name", out string? name))
        {
            return group;
        }

        ResourceType type = TypeOf(request);
        ResourceNames.CheckResource(name);
        return group.Of(type, name);
    }

    private static ResourceType TypeOf(ArmRequest request)
    {
        if (!ProviderDocuments.IsKnown(request["namespace"]))
        {
            throw ArmErrors.InvalidNamespace(request["namespace"]);
        }

        return ResourceType.Find(request["namespace"], request["type"]) is { } found && found != ResourceType.ResourceGroups
            ? found
            : throw ArmErrors.InvalidType(request["namespace"], request["type"], request.ApiVersion);
    }

    private static string? Find(IReadOnlyList<string> names, string name) =>
        names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
}
