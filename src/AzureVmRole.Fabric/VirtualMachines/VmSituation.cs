using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What a plan is made from beside desired and observed.</summary>
internal sealed record VmSituation
{
    /// <summary>Whether the generation was reached, or given up.</summary>
    public required bool IsSettled { get; init; }

    /// <summary>Where the resource is.</summary>
    public required ProvisioningState State { get; init; }

    /// <summary>What the host knows of the instance; null when it does not have it.</summary>
    public GuestReport? Report { get; init; }

    /// <summary>Whether a VHD that a capture names is written.</summary>
    public bool IsCaptured { get; init; }

    /// <summary>How long a guest may take to be provisioned.</summary>
    public required TimeSpan ProvisioningLimit { get; init; }

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The disks by their ids in lower case; one that is not in here does not exist.</summary>
    public required IReadOnlyDictionary<string, VmDiskFact> Disks { get; init; }
}
