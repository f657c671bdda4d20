namespace AzureVmRole.Fabric.Operations;

/// <summary>Where a long-running operation is; the names are Azure's.</summary>
public enum OperationStatus
{
    /// <summary>It runs.</summary>
    InProgress,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It failed, and says why.</summary>
    Failed,

    /// <summary>A later request on the same resource took its place.</summary>
    Canceled,
}
