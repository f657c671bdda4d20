namespace AzureVmRole.Fabric.Hosts;

/// <summary>How far the agent in a guest is.</summary>
public enum GuestProvisioning
{
    /// <summary>Not begun.</summary>
    None,

    /// <summary>The agent has not said that it is ready.</summary>
    InProgress,

    /// <summary>Ready.</summary>
    Succeeded,

    /// <summary>It gave up, and said why.</summary>
    Failed,
}
