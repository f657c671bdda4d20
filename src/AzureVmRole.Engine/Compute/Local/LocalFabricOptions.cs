namespace AzureVmRole.Engine.Compute.Local;

/// <summary>Which local fabric, and how it is started.</summary>
public sealed record LocalFabricOptions
{
    /// <summary>The absolute path of the home folder; null for the default one (<c>AZUREVMROLE_HOME</c>).</summary>
    public string? HomePath { get; init; }

    /// <summary>The locations; empty for the fabric's own default.</summary>
    public IReadOnlyList<string> Locations { get; init; } = [];

    /// <summary>The port on this machine; null for a free one.</summary>
    public int? Port { get; init; }

    /// <summary>Where new virtual machines run. Default: in QEMU where it is installed.</summary>
    public FabricHostKind HostKind { get; init; }

    /// <summary>How long a guest in QEMU may be silent before it is reset; null for 10 minutes.</summary>
    public TimeSpan? HeartbeatLimit { get; init; }

    /// <summary>How long a simulated guest takes to start or stop; null for no time.</summary>
    public TimeSpan? SimulatedLatency { get; init; }

    /// <summary>How long its start, or its end, is waited for. Default one minute.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets decisions and warnings; null for nobody.</summary>
    public IOperationLog? Log { get; init; }
}
