using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.FrontEnd;

/// <summary>The transaction in which a request is accepted.</summary>
/// <param name="table">The state.</param>
/// <param name="action">What the request is.</param>
/// <param name="found">The resource that it is about; null when there is none.</param>
/// <param name="now">The time.</param>
internal sealed class Acceptor(FabricTable table, string action, Resource? found, DateTimeOffset now)
{
    private readonly List<ResourceId> _touched = [];

    /// <summary>The state.</summary>
    public FabricTable Table => table;

    /// <summary>The resource that the request is about; null when there is none.</summary>
    public Resource? Found => found;

    /// <summary>The time.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The resources that the controller is told of when the transaction is committed.</summary>
    public IReadOnlyList<ResourceId> Touched => _touched;

    /// <summary>A resource that is to be made. One whose making has failed before is the same one, and is made anew.</summary>
    /// <param name="id">Its id, where it has none yet.</param>
    /// <param name="location">Where.</param>
    /// <param name="desired">What was asked for.</param>
    /// <param name="observed">What is known of it already.</param>
    /// <returns>The resource, which is not saved.</returns>
    public Resource MakeNew(ResourceId id, string location, JsonObject desired, JsonObject observed) => new()
    {
        Id = found?.Id ?? id,
        Location = location,
        Desired = desired,
        Observed = observed,
        Generation = (found?.Generation ?? 0) + 1,
        ObservedGeneration = found?.ObservedGeneration ?? 0,
        State = ProvisioningState.Creating,
        Created = found?.Created ?? now,
    };

    /// <summary>Saves a resource whose new generation the controller has to bring about, and notes the operation that clients wait for.</summary>
    /// <returns>The resource as saved, and the operation's id.</returns>
    public (Resource Saved, string OperationId) Begin(Resource resource)
    {
        Resource saved = table.Save(resource);
        var operation = new Operation
        {
            Id = Guid.NewGuid().ToString("D"),
            ResourceId = saved.Id,
            Action = action,
            Location = saved.Location,
            Generation = saved.Generation,
            Status = OperationStatus.InProgress,
            Started = now,
        };
        table.Save(operation);
        Touch(saved.Id);
        return (saved, operation.Id);
    }

    /// <summary>Has the controller look at a resource.</summary>
    public void Touch(ResourceId id) => _touched.Add(id);
}
