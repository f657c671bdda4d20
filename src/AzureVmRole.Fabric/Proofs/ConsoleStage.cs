namespace AzureVmRole.Fabric.Proofs;

/// <summary>How far a guest has come, as far as its serial console tells.</summary>
internal enum ConsoleStage
{
    /// <summary>It said nothing.</summary>
    Silent,

    /// <summary>The firmware started.</summary>
    Firmware,

    /// <summary>A boot loader started.</summary>
    Loader,

    /// <summary>The kernel started.</summary>
    Kernel,

    /// <summary>The system's first process started.</summary>
    System,

    /// <summary>Somebody could log in.</summary>
    Login,
}
