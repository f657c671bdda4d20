using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>How orphans are removed.</summary>
public sealed record OrphanRemovalOptions
{
    /// <summary>How the store is reached and authorised.</summary>
    public StoreConnection Connection { get; init; } = new();

    /// <summary>How long a blob has to have been left alone, checked again at removal. Zero leaves age out of account.</summary>
    public TimeSpan MinimumAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The local fabric, or the subscription of Azure, whose resources count as uses; empty when there is none. Asked each time anew.</summary>
    public IReadOnlyList<FabricConnection> Fabrics { get; init; } = [];

    /// <summary>Absolute paths of files that name blobs in use (see docs/formats/reference-file.md), read again before each deletion. Those that the search asked are asked in any case.</summary>
    public IReadOnlyList<string> ReferencePaths { get; init; } = [];

    /// <summary>The most blobs that one run may delete: a longer list deletes nothing.</summary>
    public int MaximumCount { get; init; } = 100;

    /// <summary>The most that one run may delete of the .vhd page blobs that the search saw, in percent: more deletes nothing.</summary>
    public int MaximumPercent { get; init; } = 20;

    /// <summary>
    /// Whether each blob is copied, server-side, to the container <c>azvmrole-removed</c> first. A snapshot would be deleted
    /// with its blob, so only a copy can be gone back to where the store has no soft delete.
    /// </summary>
    public bool TakeSnapshot { get; init; }

    /// <summary>
    /// Whether a lease that alone keeps a blob is broken: one without end, that the report showed. A timed lease, or one on a
    /// blob that the report showed without, is never broken; one without end that replaced another of its kind cannot be told from it.
    /// </summary>
    public bool BreakLease { get; init; }

    /// <summary>The absolute path of the log, to which lines are appended; null for a new file in the home folder's <c>removals</c>.</summary>
    public string? LogPath { get; init; }
}
