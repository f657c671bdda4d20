namespace AzureVmRole.Disks.Copying;

/// <summary>How a disk's content is copied.</summary>
public sealed record CopyOptions
{
    /// <summary>How many units are in flight at once; the default is the number of processors, at least 2, at most 8.</summary>
    public int Parallelism { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>
    /// The most that one call to the operating system reads or writes, in bytes; the default is 256 KiB: small enough to
    /// stay in a processor's cache between read and write, and what disks that were idle take without delay.
    /// </summary>
    public int PieceSizeInBytes { get; init; } = 256 << 10;

    /// <summary>Whether zeros are written, too: into a target that holds other data; the default leaves them out.</summary>
    public bool WritesZeros { get; init; }

    /// <summary>What is being done, for the progress records.</summary>
    public string Activity { get; init; } = "Copying disk";
}
