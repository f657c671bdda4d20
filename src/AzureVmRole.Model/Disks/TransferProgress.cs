namespace AzureVmRole;

/// <summary>How far a long operation has come.</summary>
/// <param name="Activity">What is being done, for people.</param>
/// <param name="BytesDone">Bytes of the disk dealt with so far, holes included.</param>
/// <param name="BytesTotal">Bytes of the disk in all.</param>
public readonly record struct TransferProgress(string Activity, long BytesDone, long BytesTotal)
{
    /// <summary>What is shown in place of bytes, where the work is none on bytes (time that has passed); null for bytes.</summary>
    public string? Status { get; init; }
}
