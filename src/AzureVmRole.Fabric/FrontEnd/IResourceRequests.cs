using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>
/// What can be asked of resources of one type. Each method checks the whole request first, and then accepts it in one transaction: the
/// desired state, the operation and the note of the request's id are there together, or nothing is. Every refusal is a <see cref="FabricException"/>.
/// </summary>
public interface IResourceRequests
{
    /// <summary>The type.</summary>
    ResourceType Type { get; }

    /// <summary>Makes or replaces a resource.</summary>
    Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Changes what the body names (JSON merge patch, RFC 7396, at the level of properties).</summary>
    Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Deletes a resource.</summary>
    Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Does one of the type's actions.</summary>
    /// <param name="id">The resource.</param>
    /// <param name="action">The action's name, in any case of letters.</param>
    /// <param name="body">The body; empty when there was none.</param>
    /// <param name="context">The rest of the request.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken);

    /// <summary>A resource in ARM's shape; <c>$expand</c> comes with the query.</summary>
    JsonObject Read(ResourceId id, RequestContext context);

    /// <summary>Something below a resource that is read, as <c>instanceView</c> or <c>vmSizes</c>.</summary>
    JsonObject ReadPart(ResourceId id, string part, RequestContext context);

    /// <summary>A page of the resources of a scope.</summary>
    /// <param name="scope">Which.</param>
    /// <param name="continuation">Where the page starts; null for the first.</param>
    /// <param name="top">The most that a page holds.</param>
    /// <param name="context">The rest of the request.</param>
    ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context);
}
