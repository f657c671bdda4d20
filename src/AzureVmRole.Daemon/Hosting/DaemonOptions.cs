using AzureVmRole.Fabric;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>What a daemon is started with.</summary>
internal sealed record DaemonOptions
{
    /// <summary>The fabric behind it.</summary>
    public required FabricOptions Fabric { get; init; }

    /// <summary>The port on loopback; 0, the default, for a free one.</summary>
    public int Port { get; init; }

    /// <summary>How many requests a second are answered in the long run; what goes beyond is refused with 429. Default 20,000.</summary>
    public int RequestsPerSecond { get; init; } = 20_000;

    /// <summary>How many requests may come at once. Default 40,000.</summary>
    public int RequestBurst { get; init; } = 40_000;

    /// <summary>How many requests without a valid token are refused a second before they are refused with 429. Default 200.</summary>
    public int RefusalsPerSecond { get; init; } = 200;

    /// <summary>How long the status of an operation is held until the operation ends. Default 20 s (arm-dialect, rule 10).</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long requests that are being answered may take when the daemon stops. Default 10 s.</summary>
    public TimeSpan LongestDrain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The length at which a log is rolled, in bytes. Default 16 MiB.</summary>
    public long LogSizeInBytes { get; init; } = 16 << 20;

    /// <summary>The folder of the daemon's own files.</summary>
    public string FolderPath => Path.Combine(Fabric.HomePath, "fabric");
}
