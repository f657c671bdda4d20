namespace AzureVmRole;

/// <summary>The fabric of a home folder on this machine. Holds no secret.</summary>
public sealed record LocalFabricState
{
    /// <summary>The absolute path of the home folder.</summary>
    public required string HomePath { get; init; }

    /// <summary><c>Running</c>, <c>Stopped</c>, or <c>NotAnswering</c>: its process is there, or has left its note behind, but nothing answers.</summary>
    public required string Status { get; init; }

    /// <summary>Where it answers; null when it does not run.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Its process; null when it does not run.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Its version; null when it does not tell.</summary>
    public string? Version { get; init; }

    /// <summary>Its subscription; null when it does not run.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The kind of host that new virtual machines run on: <c>Qemu</c>, or <c>Simulated</c>: then no guest runs. Null when the fabric does not run.</summary>
    public string? HostKind { get; init; }

    /// <summary>Its locations.</summary>
    public string[] Locations { get; init; } = [];

    /// <summary>SHA-256 of its certificate, in hexadecimal digits; null when it does not run.</summary>
    public string? Thumbprint { get; init; }
}
