namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What is due for a virtual machine.</summary>
/// <param name="Actions">What to do, in this order; empty when there is nothing to do, or something to wait for.</param>
/// <param name="LookAgain">When to plan again though nothing changes; null for never.</param>
internal sealed record VmPlan(IReadOnlyList<VmAction> Actions, TimeSpan? LookAgain = null)
{
    /// <summary>Nothing to do.</summary>
    public static readonly VmPlan Nothing = new([]);
}
