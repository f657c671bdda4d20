namespace AzureVmRole.Fabric.Hosts;

/// <summary>Whether a guest runs.</summary>
public enum GuestPower
{
    /// <summary>It is being started.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is shutting down.</summary>
    Stopping,

    /// <summary>It does not run.</summary>
    Stopped,
}
