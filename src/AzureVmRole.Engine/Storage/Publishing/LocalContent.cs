using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Hashes a disk of this machine.</summary>
internal static class LocalContent
{
    /// <summary>The content hash of a disk.</summary>
    public static async Task<string> HashAsync(SourceDisk source, TransferMeter meter, CancellationToken cancellationToken)
    {
        var hasher = new ContentHasher(source.LengthInBytes);
        using var pool = new BufferPool(Environment.ProcessorCount + 1, DataRunReader.MaximumRun);
        await WorkGroup.RunAsync(
            group => new DataRunReader(source, pool, gaps: null).ReadAsync(
                0, source.LengthInBytes,
                run =>
                {
                    StartHash(group, hasher, run, meter);
                    return Task.CompletedTask;
                },
                group.Token),
            cancellationToken).ConfigureAwait(false);
        return hasher.Finish();
    }

    /// <summary>Hashes a run beside the reading of the next ones; runs are handed in in order.</summary>
    public static void StartHash(WorkGroup group, ContentHasher hasher, DataRun run, TransferMeter meter)
    {
        ContentPiece piece = hasher.Announce(run.Offset, run.Length);
        group.Start(_ =>
        {
            using (run)
            {
                piece.Hash(run.Data.Span);
            }

            piece.Complete();
            hasher.Fold();
            meter.Reach(run.End);
            return Task.CompletedTask;
        });
    }
}
