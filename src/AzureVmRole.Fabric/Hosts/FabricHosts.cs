using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Hosts.Qemu;
using AzureVmRole.Fabric.Hosts.Simulated;

namespace AzureVmRole.Fabric.Hosts;

/// <summary>
/// The hosts of a fabric: simulated ones and, where QEMU may be installed, one of QEMU a location. All are there whatever kind is chosen for new instances, so that those of
/// an earlier start keep their places.
/// </summary>
internal static class FabricHosts
{
    /// <summary>The kind that new instances are placed on.</summary>
    /// <exception cref="FabricException">HostNotAvailable: QEMU is asked for, and is not there.</exception>
    public static string ChooseKind(FabricHostKind wanted)
    {
        if (wanted == FabricHostKind.Qemu)
        {
            QemuSearch.RequireProgram(searchPath: null);
        }

        return wanted == FabricHostKind.Qemu || (wanted == FabricHostKind.Auto && QemuSearch.FindProgram(searchPath: null) is not null) ? QemuHost.Kind : SimulatedHost.Kind;
    }

    /// <summary>Makes them.</summary>
    public static IReadOnlyList<IHostAgent> MakeAll(FabricOptions options, FabricHome home, InstanceSecrets secrets, TimeProvider clock, IFabricLog log)
    {
        // What QEMU can do here is found out once, at the first boot: it takes seconds where hardware virtualization does not work.
        var found = new QemuFinding(home.Folder);
        var qemu = new QemuHostOptions
        {
            InstancesPath = home.InstancesPath,
            Secrets = secrets,
            Find = found.FindAsync,
            Beats = new BeatOptions { Silence = options.HeartbeatLimit, FirstContact = 2 * options.HeartbeatLimit, Provisioning = options.ProvisioningLimit },
            Clock = clock,
            Log = log,
        };
        return [.. SimulatedHost.MakeAll(options, home, clock), .. QemuHost.MakeAll(options.Locations, qemu)];
    }
}
