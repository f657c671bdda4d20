using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>What every guest of a host shares.</summary>
internal sealed record QemuHostOptions
{
    /// <summary>The folder of the instances.</summary>
    public required string InstancesPath { get; init; }

    /// <summary>The secrets of guests that are not provisioned yet.</summary>
    public required InstanceSecrets Secrets { get; init; }

    /// <summary>Finds QEMU; asked at the first boot.</summary>
    public required Func<CancellationToken, Task<QemuInstallation>> Find { get; init; }

    /// <summary>How long guests may be silent, and take to be provisioned.</summary>
    public required BeatOptions Beats { get; init; }

    public required TimeProvider Clock { get; init; }

    public required IFabricLog Log { get; init; }

    /// <summary>How long a guest gets to shut down when its virtual machine is stopped; then it is turned off. 5 minutes.</summary>
    public TimeSpan LongestShutdown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The same when the fabric itself stops. 20 seconds: whoever stops it waits.</summary>
    public TimeSpan LongestFarewell { get; init; } = TimeSpan.FromSeconds(20);
}
