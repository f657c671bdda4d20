using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

/// <summary>
/// Brings resources of one type to what was asked for. Level-triggered: every call reads the state anew, plans (a pure function of desired, observed and
/// time), does what is due, and notes what it saw. Never called twice at once for one resource.
/// </summary>
internal interface IResourceController
{
    /// <summary>The type.</summary>
    ResourceType Type { get; }

    /// <summary>Does what is due for one resource; nothing when it does not exist any more. Whatever it throws, the loop notes it and tries again, later each time.</summary>
    /// <returns>When to look again though nobody asks; null when only a change is a reason to.</returns>
    Task<TimeSpan?> ReconcileAsync(ResourceId id, CancellationToken cancellationToken);
}
