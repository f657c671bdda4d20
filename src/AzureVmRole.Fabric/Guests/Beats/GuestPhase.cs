namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>How far a guest is.</summary>
internal enum GuestPhase
{
    /// <summary>It boots; no agent was heard of.</summary>
    Starting,

    /// <summary>An agent is at work.</summary>
    Provisioning,

    /// <summary>An agent reported Ready.</summary>
    Ready,

    /// <summary>An agent gave up, the guest ended too early, or it was silent again after a reset.</summary>
    Failed,

    /// <summary>It was not ready in time. A later Ready still counts.</summary>
    TimedOut,
}
