using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>What is to be proven.</summary>
public sealed record ImageProofOptions
{
    /// <summary>The absolute path of the disk, which is only read: VHD, VHDX, qcow2 or raw, or the top of a chain of differences.</summary>
    public required string Path { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>. Default Linux.</summary>
    public string OSType { get; init; } = "Linux";

    /// <summary>Whether the guest starts by UEFI; null for what the disk's partitions say.</summary>
    public bool? IsGeneration2 { get; init; }

    /// <summary>The controller of the disk. Default SCSI; NVMe is for generation 2 only.</summary>
    public DiskControllerType DiskControllerType { get; init; }

    /// <summary>Virtual processors. Default 2.</summary>
    public int Cores { get; init; } = 2;

    /// <summary>Memory in MiB. Default 1024.</summary>
    public int MemoryInMiB { get; init; } = 1024;

    /// <summary>How long the proof may take. Default 20 minutes, Azure's own limit.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Where the console's text is kept; null for nowhere.</summary>
    public string? ConsolePath { get; init; }

    /// <summary>Where the last screen is kept, a PNG; null for nowhere.</summary>
    public string? ScreenPath { get; init; }

    /// <summary>Told each line of the console; from any thread.</summary>
    public Action<string>? Line { get; init; }

    /// <summary>Told each step when it happens, in order.</summary>
    public Action<ImageProofStep>? Step { get; init; }

    /// <summary>Told what is done before the guest starts and after its verdict, where that takes a while.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>How long a guest with a login prompt and no agent may show nothing new. Default 5 minutes.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

    internal BeatOptions Beats => new() { Provisioning = Limit, FirstContact = Limit, Silence = Limit };
}
