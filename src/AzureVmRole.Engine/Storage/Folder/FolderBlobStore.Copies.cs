using System.Collections.Concurrent;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    /// <summary>How often the progress of a copy is noted, and looked at whether somebody has ended it.</summary>
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, FolderCopy> _copies = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();

    /// <inheritdoc/>
    public Task<BlobCopySource> GetCopySourceAsync(BlobName name, string? snapshot, string? ifMatch, CancellationToken cancellationToken) =>
        Task.FromResult(new BlobCopySource(GetUri(name), name, snapshot, ifMatch));

    /// <inheritdoc/>
    /// <remarks>This process copies, in the background. A copy whose process ends, or whose store is closed, has failed. As with other writes, <see cref="FlushAsync"/> brings it to stable storage.</remarks>
    public async Task<string> StartCopyAsync(
        BlobName name, BlobCopySource source, IReadOnlyDictionary<string, string>? metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        FolderCopySource opened = await OpenSourceAsync(source, cancellationToken).ConfigureAwait(false);
        FolderCopy? copy = null;
        try
        {
            copy = _database.Change(_ => FolderCopy.Begin(_paths, opened));
            string? json = metadata is null ? opened.Row.Metadata : FolderRow.ToJson(metadata);
            FolderRow row = await Task.Run(
                () => Replace(
                    name,
                    made => made.Lease.IsHeldAt(Now) && made.Lease.Duration is not null ? throw FolderErrors.LeaseEnds(name) : made with
                    {
                        Length = opened.Row.Length,
                        Metadata = json,
                        ContentMd5 = opened.Row.ContentMd5,
                        CopyId = copy.Id,
                        CopyState = BlobCopyState.Pending,
                    },
                    conditions),
                cancellationToken).ConfigureAwait(false);
            _copies[copy.Id] = copy;
            FolderCopy running = copy;
            copy.Work = Task.Run(() => RunCopyAsync(running, row), CancellationToken.None);
            return copy.Id;
        }
        catch
        {
            copy?.Dispose();
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task AbortCopyAsync(BlobName name, string copyId, BlobConditions conditions, CancellationToken cancellationToken) => Task.Run(
        () => _database.Change(table =>
        {
            FolderRow row = CheckCopy(FindExisting(table, name, null));
            if (row.CopyId == copyId && row.CopyState == BlobCopyState.Pending)
            {
                CheckLeaseId(row, conditions.LeaseId, Now);
                if (conditions.LeaseId is null && row.Lease.IsHeldAt(Now))
                {
                    throw FolderErrors.Leased(row);
                }

                table.Save(Ended(row, BlobCopyState.Aborted, null).Changed(Now));
            }

            return true;
        }),
        cancellationToken);

    /// <inheritdoc/>
    public async Task CopyPagesAsync(
        BlobName name, long offset, long length, BlobCopySource source, BlobConditions conditions, CancellationToken cancellationToken)
    {
        FolderCopySource opened = await OpenSourceAsync(source, cancellationToken).ConfigureAwait(false);
        try
        {
            CheckRange(opened.Row, offset, length);
            await ChangePagesAsync(
                name, offset, length, conditions, (file, token) => CopyRangeAsync(opened, file, new FileRange(offset, length), token),
                cancellationToken).ConfigureAwait(false);
            opened.CheckUnchanged();
        }
        finally
        {
            await opened.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask CopyRangeAsync(FolderCopySource source, FolderFile target, FileRange range, CancellationToken cancellationToken)
    {
        await ClearAsync(target, range, cancellationToken).ConfigureAwait(false);
        try
        {
            await FolderContent.CopyAsync(source.File, range, target.Handle, _ => true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, target.Row.Name.ToString(), target.Path, isWriting: true);
        }
    }

    /// <summary>A pending copy whose process is gone has failed, whoever looks. Call inside the transaction that read the row.</summary>
    private FolderRow CheckCopy(FolderRow row) =>
        row.CopyState == BlobCopyState.Pending && !FolderCopy.IsAlive(_paths, row.CopyId ?? "")
            ? Ended(row, BlobCopyState.Failed, "The process that copied has ended.")
            : row;

    /// <summary>The same for a row that was read before: the copy may have ended well since.</summary>
    private FolderRow? CheckCopyNow(FolderRow row)
    {
        FolderRow? now = row;
        while (now is { CopyState: BlobCopyState.Pending, CopyId: { } copyId } && !FolderCopy.IsAlive(_paths, copyId))
        {
            now = _database.Read(table => table.Find(row.Name, row.Snapshot));
            if (now is { CopyState: BlobCopyState.Pending } && now.CopyId == copyId)
            {
                return CheckCopy(now);
            }
        }

        return now;
    }

    private static FolderRow Ended(FolderRow row, BlobCopyState state, string? description) =>
        row with { CopyState = state, CopyDescription = description, Length = 0, ContentMd5 = null };

    private async Task RunCopyAsync(FolderCopy copy, FolderRow row)
    {
        try
        {
            string? failure = await FillAsync(copy, row).ConfigureAwait(false);
            _database.Change(table =>
            {
                if (table.Find(row.Name, null) is { CopyState: BlobCopyState.Pending } found && found.CopyId == copy.Id)
                {
                    table.Save((failure is null
                        ? found with { CopyState = BlobCopyState.Success, CopyBytesDone = found.Length }
                        : Ended(found, BlobCopyState.Failed, failure)).Changed(Now));
                }

                return true;
            });
        }
        catch (Exception exception) when (exception is TransferException or IOException or UnauthorizedAccessException)
        {
            // The end cannot be noted, on a full volume for one. Without its sign the copy has failed for whoever looks.
        }
        finally
        {
            _copies.TryRemove(copy.Id, out _);
            copy.Dispose();
            await copy.Source.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <returns>What prevented it; null when the copy is whole, or was ended by somebody else.</returns>
    private async Task<string?> FillAsync(FolderCopy copy, FolderRow row)
    {
        FolderFile? target = null;
        try
        {
            target = _files.TryOpen(row);
            if (target is not null && await FolderContent.CopyAsync(
                copy.Source.File, new FileRange(0, row.Length), target.Handle, Progress(copy, row), _closing.Token).ConfigureAwait(false))
            {
                copy.Source.CheckUnchanged();
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return "The process that copied has closed the store.";
        }
        catch (Exception exception) when (exception is AzureVmRoleException or IOException or UnauthorizedAccessException)
        {
            if (target is not null)
            {
                // Gives the space back: on a full volume the failure could not be noted else.
                RandomAccess.SetLength(target.Handle, 0);
            }

            return exception is AzureVmRoleException
                ? exception.Message
                : FolderErrors.Of(exception, row.Name.ToString(), _paths.DataFile(row), isWriting: true).Message;
        }
        finally
        {
            target?.Dispose();
        }
    }

    private Func<long, bool> Progress(FolderCopy copy, FolderRow row)
    {
        long last = TimeProvider.System.GetTimestamp();
        return done =>
        {
            if (done < row.Length && TimeProvider.System.GetElapsedTime(last) < ProgressInterval)
            {
                return true;
            }

            last = TimeProvider.System.GetTimestamp();
            return _database.Change(table => table.SaveCopyProgress(row.Name, copy.Id, done));
        };
    }

    private async Task EndCopiesAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_copies.Values.Select(copy => copy.Work)).ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task<FolderCopySource> OpenSourceAsync(BlobCopySource source, CancellationToken cancellationToken)
    {
        if (!source.Uri.IsFile || FolderPaths.Around(source.Uri.LocalPath) is not { } paths || paths.NameOf(source.Uri.LocalPath) is not { } name)
        {
            throw FolderErrors.SourceUnsupported(source.Uri);
        }

        FolderBlobStore store = paths.Root == _paths.Root ? this : Open(paths.Root, _clock);
        try
        {
            return await store.OpenAsSourceAsync(name, source, isOwned: store != this, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (store != this)
            {
                await store.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task<FolderCopySource> OpenAsSourceAsync(
        BlobName name, BlobCopySource source, bool isOwned, CancellationToken cancellationToken)
    {
        while (true)
        {
            FolderFile file = await Task.Run(
                () => OpenToRead(name, source.Snapshot, new BlobConditions { IfMatch = source.IfMatch }, _ => { }), cancellationToken).ConfigureAwait(false);
            FolderRow row = _database.Read(table => FindExisting(table, name, source.Snapshot));
            if (row.Generation == file.Generation && row.CopyState != BlobCopyState.Pending)
            {
                CheckETag(row, new BlobConditions { IfMatch = source.IfMatch });
                await FolderGate.WaitForWritersAsync(_paths, row, cancellationToken).ConfigureAwait(false);
                return new FolderCopySource(isOwned ? this : null, file, row, () => CheckSource(row));
            }

            file.Dispose();
            if (row.Generation == file.Generation)
            {
                throw FolderErrors.CopyPending(name);
            }
        }
    }

    /// <summary>The source may not change under the copy, asked for or not: the copy would be a mixture.</summary>
    private void CheckSource(FolderRow before)
    {
        FolderRow now = _database.Read(table => FindExisting(table, before.Name, before.Snapshot));
        CheckETag(now, new BlobConditions { IfMatch = before.ETag });
    }
}
