namespace AzureVmRole.Disks.Vhdx;

/// <summary>A run of the disk as this file's tables describe it, the parent not yet asked.</summary>
internal readonly record struct VhdxRun(long DiskOffset, long Length, VhdxRunSource Source, long FileOffset = 0)
{
    public long End => DiskOffset + Length;

    /// <summary>Whether the next run goes on where this one ends, on the disk and in its source.</summary>
    public bool IsContinuedBy(VhdxRun next) =>
        next.Source == Source && (Source != VhdxRunSource.File || next.FileOffset == FileOffset + Length);
}
