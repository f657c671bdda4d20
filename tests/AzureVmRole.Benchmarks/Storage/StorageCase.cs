namespace AzureVmRole.Benchmarks.Storage;

/// <summary>One transfer, by the engine and by its peer.</summary>
internal sealed record StorageCase
{
    /// <summary>The disk, the direction and the form.</summary>
    public required string Name { get; init; }

    /// <summary>The wall time against the peer that is wanted; null where none is set.</summary>
    public double? Goal { get; init; }

    /// <summary>One run of the engine in a store.</summary>
    public required Func<BenchmarkStore?, Task<ClientRun>> Ours { get; init; }

    /// <summary>One run of the peer in a store.</summary>
    public required Func<BenchmarkStore?, Task<ClientRun>> Peer { get; init; }

    /// <summary>Fills a store that all runs of the case share; null gives each run a fresh one.</summary>
    public Func<BenchmarkStore, Task>? Fill { get; init; }

    /// <summary>Whether the case needs no service at all.</summary>
    public bool IsLocal { get; init; }

    /// <summary>Says, after a run of the engine that is not timed, whether the right content arrived; null where nothing is compared.</summary>
    public Func<BenchmarkStore?, Task<bool>>? IsRight { get; init; }

    /// <summary>Removes what a run has left.</summary>
    public required Action CleanUp { get; init; }
}
