using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Hashes a disk of this machine.</summary>
internal static class LocalContent
{
    /// <summary>A run that is done, and the one that is begun.</summary>
    private const int RunsAtOnce = 2;

    /// <summary>The content hash of a disk.</summary>
    public static async Task<string> HashAsync(SourceDisk source, TransferMeter meter, CancellationToken cancellationToken)
    {
        var hasher = new ContentHasher(source.LengthInBytes);
        using var pool = new BufferPool(RunsAtOnce, DataRunReader.MaximumRun);
        await new DataRunReader(source, pool, gaps: null).ReadAsync(
            0, source.LengthInBytes, run => AddAsync(hasher, run, meter), cancellationToken).ConfigureAwait(false);
        return hasher.Finish();
    }

    /// <summary>Adds the next run to a hash.</summary>
    public static Task AddAsync(ContentHasher hasher, DataRun run, TransferMeter meter)
    {
        using (run)
        {
            ContentPiece piece = hasher.Announce(run.Offset, run.Length);
            piece.Take(run.Leaves);
            piece.Complete();
            hasher.Fold();
            meter.Reach(run.End);
            return Task.CompletedTask;
        }
    }
}
