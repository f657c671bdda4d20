using AzureVmRole.Fabric;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Arm;

/// <summary>What the daemon needs of the fabric behind it.</summary>
/// <param name="Options">What the fabric is made of.</param>
/// <param name="Requests">What can be asked of resources, by their type.</param>
/// <param name="FindOperation">An operation as it is now; null when there is none.</param>
/// <param name="WaitForOperation">An operation when it has ended, or as it is after some time; null when there is none.</param>
internal sealed record FabricDoor(
    FabricOptions Options,
    IReadOnlyDictionary<ResourceType, IResourceRequests> Requests,
    Func<string, Operation?> FindOperation,
    Func<string, TimeSpan, CancellationToken, Task<Operation?>> WaitForOperation)
{
    /// <summary>The kind of host that new virtual machines are placed on.</summary>
    public string HostKind { get; init; } = nameof(FabricHostKind.Simulated);

    /// <summary>What can be asked of resources of a type.</summary>
    /// <exception cref="FabricException">The fabric does not have the type.</exception>
    public IResourceRequests Of(ResourceType type) =>
        Requests.TryGetValue(type, out IResourceRequests? requests) ? requests : throw ArmErrors.InvalidType(type.Namespace, type.Name, "any");
}
