namespace AzureVmRole.Fabric.Hosts.Simulated;

/// <summary>
/// A guest that nothing runs for. What it does at a time follows from this record alone, so it goes on while no fabric runs, and a fabric that is
/// started again finds it where it would be.
/// </summary>
internal sealed record SimulatedGuest
{
    /// <summary>What the agent of every simulated guest gives as its version.</summary>
    public const string AgentVersion = "Simulated";

    public required long Boot { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>How long a start and a stop take.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>How its provisioning ends; InProgress for never.</summary>
    public required GuestProvisioning Provisioning { get; init; }

    /// <summary>What it says of that; null for nothing.</summary>
    public string? Message { get; init; }

    /// <summary>Why disks cannot be attached while it runs; null when they can.</summary>
    public string? AttachFailure { get; init; }

    public required IReadOnlyList<int> Luns { get; init; }

    /// <summary>When it was told to stop; null when it was not.</summary>
    public DateTimeOffset? StopAsked { get; init; }

    /// <summary>How long it takes over stopping: no time when it is forced.</summary>
    public TimeSpan StopLatency { get; init; }

    /// <summary>When what it does changes by itself next; null for never.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        DateTimeOffset due = StopAsked + StopLatency ?? Started + Latency;
        return due > now ? due : null;
    }

    /// <summary>What the guest does at a time.</summary>
    public GuestReport Report(DateTimeOffset now)
    {
        DateTimeOffset running = Started + Latency;
        bool wasRunning = (StopAsked ?? now) >= running;
        GuestProvisioning provisioning = wasRunning ? Provisioning : GuestProvisioning.InProgress;
        (GuestPower power, DateTimeOffset since) = StopAsked is { } stopAsked
            ? now >= stopAsked + StopLatency ? (GuestPower.Stopped, stopAsked + StopLatency) : (GuestPower.Stopping, stopAsked)
            : wasRunning ? (GuestPower.Running, running) : (GuestPower.Starting, Started);
        return new GuestReport(Boot, power, provisioning, Describe(wasRunning), wasRunning && Provisioning == GuestProvisioning.Succeeded ? AgentVersion : null, Luns, since);
    }

    private string Describe(bool wasRunning) => wasRunning && Message is { } message
        ? $"Simulated guest (nothing runs): {message}"
        : "Simulated guest (nothing runs).";
}
