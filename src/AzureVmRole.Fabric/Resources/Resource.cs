using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.Resources;

/// <summary>
/// A resource as the fabric keeps it: what was asked for (desired) and what there is (observed), each with its generation.
/// Immutable; nobody changes a document that is in one.
/// </summary>
public sealed record Resource
{
    /// <summary>Its id, with the first spelling of its name.</summary>
    public required ResourceId Id { get; init; }

    /// <summary>The location, in lower case and without spaces.</summary>
    public required string Location { get; init; }

    /// <summary>
    /// What was asked for, in ARM's shape without id, name, type and location: <c>tags</c>, <c>sku</c>, <c>zones</c>, <c>properties</c>, and fields that
    /// the fabric does not know. Holds no secrets.
    /// </summary>
    public required JsonObject Desired { get; init; }

    /// <summary>What there is, in a shape that only the type's own code knows.</summary>
    public required JsonObject Observed { get; init; }

    /// <summary>Counts the changes of <see cref="Desired"/>; starts with 1.</summary>
    public required long Generation { get; init; }

    /// <summary>The generation that <see cref="Observed"/> has reached.</summary>
    public required long ObservedGeneration { get; init; }

    /// <summary>Where it is between both.</summary>
    public required ProvisioningState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Counts every change of the row; the ETag is made of it.</summary>
    public long Version { get; init; }

    /// <summary>What If-Match is compared with.</summary>
    public string ETag => $"\"{Version:x}\"";
}
