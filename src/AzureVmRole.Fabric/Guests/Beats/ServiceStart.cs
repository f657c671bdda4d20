namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>How far a boot is with starting the system's services, as far as its console tells.</summary>
internal enum ServiceStart
{
    /// <summary>The console does not tell: no system runs yet, or one that starts quietly.</summary>
    Unknown,

    /// <summary>Services are being started.</summary>
    Running,

    /// <summary>Somebody can log in; whether all services were started was not seen: who asks for the name may wipe out what was told before.</summary>
    Prompted,

    /// <summary>All were started, and Azure's own agent is not one of them.</summary>
    DoneWithoutAgent,

    /// <summary>All were started, Azure's own agent among them.</summary>
    DoneWithAgent,
}
