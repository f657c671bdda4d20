namespace AzureVmRole.Engine.Compute;

/// <summary>How a long-running operation is waited for.</summary>
public sealed record OperationOptions
{
    /// <summary>Whether nobody waits for its end: it was accepted, and goes on.</summary>
    public bool NoWait { get; init; }

    /// <summary>Gets what is going on; null for nobody.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }

    /// <summary>Gets decisions and warnings; null for nobody.</summary>
    public IOperationLog? Log { get; init; }
}
