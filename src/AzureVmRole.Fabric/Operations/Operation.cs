using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Operations;

/// <summary>A long-running operation: made in the transaction that accepts a request, ended by the controller.</summary>
public sealed record Operation
{
    /// <summary>Its id, a GUID in text form.</summary>
    public required string Id { get; init; }

    /// <summary>What it works on.</summary>
    public required ResourceId ResourceId { get; init; }

    /// <summary>What it does: <c>Put</c>, <c>Patch</c>, <c>Delete</c>, or the name of an action (<c>restart</c>).</summary>
    public required string Action { get; init; }

    /// <summary>The location that its address names.</summary>
    public required string Location { get; init; }

    /// <summary>The generation of the resource that it has to bring about.</summary>
    public required long Generation { get; init; }

    /// <summary>Where it is.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Azure's error code; null unless it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>What went wrong; null unless it failed.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What the operation gives (capture, beginGetAccess); null for most.</summary>
    public JsonNode? Result { get; init; }
}
