using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>What became of a request that was not refused.</summary>
/// <param name="IsCreated">Whether it made the resource.</param>
/// <param name="Body">The resource as it is now, or an action's immediate result; null for none.</param>
/// <param name="OperationId">What goes on; null when everything is done.</param>
public sealed record Acceptance(bool IsCreated, JsonObject? Body, string? OperationId)
{
    /// <summary>There was nothing to do: what was to be deleted does not exist.</summary>
    public static readonly Acceptance Nothing = new(IsCreated: false, Body: null, OperationId: null) { IsNothing = true };

    /// <summary>Whether there was nothing to do (204).</summary>
    public bool IsNothing { get; init; }
}
