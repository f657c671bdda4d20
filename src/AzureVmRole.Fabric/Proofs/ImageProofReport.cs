namespace AzureVmRole.Fabric.Proofs;

/// <summary>What a proof has shown.</summary>
public sealed record ImageProofReport
{
    /// <summary>Whether the guest was provisioned and its agent reported that it is ready.</summary>
    public required bool IsReady { get; init; }

    /// <summary>Why not, from what was seen on the console or the wire; null when it is ready.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the guest's system came up so far that it asked for an address, or let an agent speak.</summary>
    public bool IsBooted { get; init; }

    /// <summary>The address that it took; null for none.</summary>
    public string? Address { get; init; }

    /// <summary>The agent that reported; null for none.</summary>
    public string? Agent { get; init; }

    /// <summary>Its version; null when it did not say.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Whether the guest let the throw-away key in.</summary>
    public SshTrial Ssh { get; init; } = SshTrial.NotReady;

    /// <summary>What ran the guest: <c>tcg</c> is software emulation; <c>none</c> when the image was not started.</summary>
    public required string Accelerator { get; init; }

    /// <summary>1 for BIOS, 2 for UEFI.</summary>
    public required int Generation { get; init; }

    /// <summary>From the start of the guest to the verdict.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What happened when, in order.</summary>
    public IReadOnlyList<ImageProofStep> Steps { get; init; } = [];
}
