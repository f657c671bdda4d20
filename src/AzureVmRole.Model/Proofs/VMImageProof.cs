namespace AzureVmRole;

/// <summary>What a test of an image has shown: the readiness rules, and the boot where one was asked for.</summary>
public sealed record VMImageProof
{
    /// <summary>The disk file.</summary>
    public required string Path { get; init; }

    /// <summary>The registered image; null when a file was tested.</summary>
    public string? ImageName { get; init; }

    /// <summary>What it has come to.</summary>
    public required VMImageVerdict Verdict { get; init; }

    /// <summary>Whether nothing speaks against the image.</summary>
    public bool IsReady => Verdict == VMImageVerdict.Ready;

    /// <summary>What speaks against it; null when nothing does.</summary>
    public string? Reason { get; init; }

    /// <summary>What the readiness rules have found.</summary>
    public required ReadinessReport Readiness { get; init; }

    /// <summary>The operating system that it was taken for.</summary>
    public required OSKind OSType { get; init; }

    /// <summary>The generation that it was tested for.</summary>
    public required DiskGeneration Generation { get; init; }

    /// <summary>The controller that the OS disk was on, or would be.</summary>
    public DiskControllerType DiskControllerType { get; init; }

    /// <summary>Whether it was booted, or tried to.</summary>
    public bool IsBootTried { get; init; }

    /// <summary>Whether the guest's system came up so far that it asked for an address, or let an agent speak.</summary>
    public bool IsBooted { get; init; }

    /// <summary>The address that the guest took; null for none.</summary>
    public string? Address { get; init; }

    /// <summary>The agent that reported; null for none.</summary>
    public string? Agent { get; init; }

    /// <summary>Its version; null when it did not say.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Whether the guest let a throw-away key in by SSH; null when that was not tried. The verdict does not depend on it.</summary>
    public bool? IsSshLoggedIn { get; init; }

    /// <summary>What happened then, in words; null when it was not booted.</summary>
    public string? SshMessage { get; init; }

    /// <summary>What happened when, in order.</summary>
    public VMImageProofStep[] Steps { get; init; } = [];

    /// <summary>The last lines of the guest's console, at most 20.</summary>
    public string[] ConsoleTail { get; init; } = [];

    /// <summary>The file with the text of the console; null when none is kept.</summary>
    public string? ConsolePath { get; init; }

    /// <summary>The file with the guest's last screen, a PNG; null when none is kept.</summary>
    public string? ScreenPath { get; init; }

    /// <summary>What ran the guest: <c>kvm</c>, or <c>tcg</c> for software emulation; null when it was not booted.</summary>
    public string? Accelerator { get; init; }

    /// <summary>From the start of the guest to the verdict.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What a verdict of Ready does not say.</summary>
    public required string[] NotProven { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{ImageName ?? Path}: {Verdict}{(Reason is null ? "" : $". {Reason}")}";
}
