namespace AzureVmRole.Fabric.Guests.Network;

/// <summary>Where a connection is.</summary>
internal enum TcpState
{
    /// <summary>The host has asked for it.</summary>
    Opening,

    /// <summary>The guest has asked for it, and is awaited.</summary>
    Accepting,

    /// <summary>Bytes go both ways, or one way when one side has finished.</summary>
    Open,

    /// <summary>Both sides have finished.</summary>
    Closed,

    /// <summary>Refused, reset or given up.</summary>
    Refused,
}
