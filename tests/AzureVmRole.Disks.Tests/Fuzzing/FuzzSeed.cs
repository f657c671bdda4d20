namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>A sound disk that is damaged again and again.</summary>
/// <param name="Files">The disk's file first, then those of its parents and what lies beside it.</param>
/// <param name="Content">What the disk shows.</param>
internal sealed record FuzzSeed(IReadOnlyList<FuzzFile> Files, byte[] Content)
{
    public FuzzFile Main => Files[0];

    /// <summary>What a damaged disk must show where it is read, null where it must not be; nothing where nobody can tell.</summary>
    public Func<VirtualDisk, byte[]?>? Oracle { get; init; }
}
