namespace AzureVmRole.Fabric.Guests;

/// <summary>What a guest let the fabric know.</summary>
internal enum GuestSignalKind
{
    /// <summary>It asked for an address.</summary>
    AddressAsked,

    /// <summary>It took the address.</summary>
    AddressTaken,

    /// <summary>It asked the metadata service.</summary>
    MetadataRead,

    /// <summary>It asked for the goal state: a beat.</summary>
    GoalStatePolled,

    /// <summary>Its agent reports that it is not ready.</summary>
    NotReady,

    /// <summary>Its agent reports that it is ready.</summary>
    Ready,

    /// <summary>Its agent put its status: a beat.</summary>
    StatusPut,
}
