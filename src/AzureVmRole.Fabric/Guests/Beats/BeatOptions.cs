namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>How long a guest may take.</summary>
internal sealed record BeatOptions
{
    /// <summary>Without a beat for so long, a guest that has beaten in this boot is reset. 10 minutes.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The same before the first beat of a boot. 20 minutes.</summary>
    public TimeSpan FirstContact { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>From the first boot to Ready. 40 minutes.</summary>
    public TimeSpan Provisioning { get; init; } = TimeSpan.FromMinutes(40);

    /// <summary>After a Ready, how long a second agent may take at least to report that it has more to do: twice as long as the Ready took, when that is more; four times as long while services are being started, no longer once it is known that there is none. 1 minute.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After a reset, a guest that beats for so long may be silent again without having failed. 1 hour.</summary>
    public TimeSpan Forgiveness { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether the guest was provisioned before it came here (a specialised image). It may do without an agent, and is reset only once one beats.</summary>
    public bool IsProvisioned { get; init; }
}
