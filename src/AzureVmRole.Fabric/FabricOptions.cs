namespace AzureVmRole.Fabric;

/// <summary>What a fabric is made of. Validated when it starts, all errors at once.</summary>
public sealed record FabricOptions
{
    /// <summary>The absolute path of the home folder; the fabric's state is in <c>fabric/</c> below it, the disks in <c>store/</c>.</summary>
    public required string HomePath { get; init; }

    /// <summary>The locations, each with hosts and a store of its own. Default: local1, local2.</summary>
    public IReadOnlyList<string> Locations { get; init; } = ["local1", "local2"];

    /// <summary>The one subscription, a GUID in text form. Default: a fixed one.</summary>
    public string SubscriptionId { get; init; } = "00000000-0000-0000-0000-00000000a23e";

    /// <summary>Where new virtual machines run; those that have a place keep it until they are deallocated. Default <see cref="FabricHostKind.Simulated"/>.</summary>
    public FabricHostKind HostKind { get; init; } = FabricHostKind.Simulated;

    /// <summary>
    /// Without a beat of its agent for so long, a guest in QEMU is reset; the same again, and it counts as failed. Twice as long before the first beat of a boot. Default 10 minutes.
    /// </summary>
    public TimeSpan HeartbeatLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many simulated hosts a location has. Default 4.</summary>
    public int HostsPerLocation { get; init; } = 4;

    /// <summary>Virtual processors of a simulated host. Default 1,000,000: a simulated guest costs nothing.</summary>
    public int CoresPerHost { get; init; } = 1_000_000;

    /// <summary>Memory of a simulated host in MiB. Default 4,000,000,000.</summary>
    public long MemoryPerHostInMiB { get; init; } = 4_000_000_000;

    /// <summary>How long a simulated guest takes to start, and to stop. Default: no time.</summary>
    public TimeSpan SimulatedLatency { get; init; }

    /// <summary>How long one action of the controller may take before it is tried again. Default 10 minutes.</summary>
    public TimeSpan ActionDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many resources the controller works on at once. Default: twice the processors, 4 at least.</summary>
    public int Parallelism { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>How long the agent in a guest may take to report that it is ready, counted from the boot. Then the operation fails with OSProvisioningTimedOut. Default 40 minutes, as in Azure.</summary>
    public TimeSpan ProvisioningLimit { get; init; } = TimeSpan.FromMinutes(40);
}
