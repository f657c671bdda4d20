namespace AzureVmRole;

/// <summary>The state of the last server-side copy to a blob.</summary>
public enum BlobCopyState
{
    /// <summary>The blob was not made by a copy.</summary>
    None = 0,

    /// <summary>The copy is under way.</summary>
    Pending,

    /// <summary>The copy is complete.</summary>
    Success,

    /// <summary>The copy was ended by its user; the blob is empty.</summary>
    Aborted,

    /// <summary>The copy failed; the blob is empty.</summary>
    Failed,
}
