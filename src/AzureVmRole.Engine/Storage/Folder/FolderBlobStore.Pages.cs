using System.Runtime.CompilerServices;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    private const int ZeroBufferSize = 1024 * 1024;

    private static readonly byte[] Zeros = new byte[ZeroBufferSize];

    /// <inheritdoc/>
    public Task WritePagesAsync(
        BlobName name, long offset, ReadOnlyMemory<byte> data, BlobConditions conditions, CancellationToken cancellationToken) =>
        ChangePagesAsync(
            name, offset, data.Length, conditions, (file, token) => file.WriteAsync(data, offset, token), cancellationToken);

    /// <inheritdoc/>
    public Task ClearPagesAsync(BlobName name, long offset, long length, BlobConditions conditions, CancellationToken cancellationToken) =>
        ChangePagesAsync(
            name, offset, length, conditions, (file, token) => ClearAsync(file, new FileRange(offset, length), token), cancellationToken);

    /// <inheritdoc/>
    public async Task ExtendAsync(BlobName name, long length, BlobConditions conditions, CancellationToken cancellationToken)
    {
        if (length % PageSize != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A page blob is a whole number of pages long.");
        }

        while (true)
        {
            using FolderFile? file = _files.TryGetOpen(name, null) ?? OpenExisting(name);
            if (file is null)
            {
                continue;
            }

            await file.Gate.EnterAsync(name, cancellationToken).ConfigureAwait(false);
            bool isDone;
            try
            {
                isDone = _database.Change(table => LetExtend(table, file, length, conditions));
            }
            finally
            {
                file.Gate.Leave();
            }

            _files.Forget(file);
            if (isDone)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        BlobName name, string? snapshot, long offset, Memory<byte> buffer, BlobConditions conditions, CancellationToken cancellationToken)
    {
        using FolderFile file = OpenToRead(name, snapshot, conditions, row => CheckRange(row, offset, buffer.Length));
        await file.ReadAsync(buffer, offset, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PageRange> ListPageRangesAsync(
        BlobName name, string? snapshot, string? previousSnapshot, long offset, long length, BlobConditions conditions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using FolderFile file = await Task.Run(
            () => OpenToRead(name, snapshot, conditions, _ => { }), cancellationToken).ConfigureAwait(false);
        long end = Math.Min(offset + length, file.Row.Length);
        if (previousSnapshot is null)
        {
            await foreach (PageRange range in FolderRanges.ListAsync(file, offset, end, cancellationToken).ConfigureAwait(false))
            {
                yield return range;
            }

            yield break;
        }

        using FolderFile previous = await Task.Run(
            () => OpenToRead(name, previousSnapshot, default, _ => { }), cancellationToken).ConfigureAwait(false);
        await foreach (PageRange range in FolderRanges.CompareAsync(previous, file, offset, end, cancellationToken).ConfigureAwait(false))
        {
            yield return range;
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(BlobName name, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using FolderFile file = OpenToRead(name, null, default, _ => { });
            try
            {
                RandomAccess.FlushToDisk(file.Handle);
            }
            catch (IOException exception)
            {
                throw FolderErrors.Of(exception, name.ToString(), file.Path, isWriting: true);
            }
        },
        cancellationToken);

    /// <summary>
    /// Changes pages: the conditions are checked and the ETag is changed in one transaction, then the bytes are. While the gate is
    /// closed behind it, nobody who takes the blob over goes on.
    /// </summary>
    private async Task ChangePagesAsync(
        BlobName name, long offset, long length, BlobConditions conditions, Func<FolderFile, CancellationToken, ValueTask> change,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            using FolderFile? file = _files.TryGetOpen(name, null) ?? OpenExisting(name);
            if (file is null)
            {
                continue;
            }

            await file.Gate.EnterAsync(name, cancellationToken).ConfigureAwait(false);
            try
            {
                if (_database.Change(table => LetChangePages(table, file, offset, length, conditions)))
                {
                    await change(file, cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
            finally
            {
                file.Gate.Leave();
            }

            _files.Forget(file);
        }
    }

    private FolderFile? OpenExisting(BlobName name) => _files.TryOpen(_database.Read(table => FindExisting(table, name, null)));

    /// <returns>False when the blob has another file by now.</returns>
    private bool LetChangePages(FolderTable table, FolderFile file, long offset, long length, BlobConditions conditions)
    {
        FolderRow found = FindExisting(table, file.Row.Name, null);
        if (found.Generation != file.Generation)
        {
            return false;
        }

        FolderRow row = LetWrite(found, conditions);
        CheckRange(CheckCopy(row), offset, length);
        FolderRow changed = row.Changed(Now);
        if (row.Lease == found.Lease)
        {
            table.SaveChange(changed);
        }
        else
        {
            table.Save(changed);
        }

        return true;
    }

    /// <summary>The file grows before the row does: one that is longer than its row says harms nobody.</summary>
    /// <returns>False when the blob has another file by now.</returns>
    private bool LetExtend(FolderTable table, FolderFile file, long length, BlobConditions conditions)
    {
        FolderRow found = FindExisting(table, file.Row.Name, null);
        if (found.Generation != file.Generation)
        {
            return false;
        }

        FolderRow row = CheckCopy(LetWrite(found, conditions));
        if (length < row.Length)
        {
            throw FolderErrors.OutOfRange(row.Name, length, 0, row.Length);
        }

        if (length > row.Length)
        {
            try
            {
                // What an earlier try left behind the end is cut off: the new pages are zero.
                RandomAccess.SetLength(file.Handle, row.Length);
                RandomAccess.SetLength(file.Handle, length);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw FolderErrors.Of(exception, row.Name.ToString(), file.Path, isWriting: true);
            }

            table.Save((row with { Length = length }).Changed(Now));
        }

        return true;
    }

    private FolderFile OpenToRead(BlobName name, string? snapshot, BlobConditions conditions, Action<FolderRow> check)
    {
        while (true)
        {
            FolderRow row = CheckCopyNow(_database.Read(table => FindExisting(table, name, snapshot))) ?? throw FolderErrors.NotFound(name, snapshot);
            LetRead(row, conditions);
            check(row);
            if (_files.TryOpen(row) is { } file)
            {
                return file;
            }
        }
    }

    private static async ValueTask ClearAsync(FolderFile file, FileRange range, CancellationToken cancellationToken)
    {
        if (SparseFiles.TryPunchHole(file.Handle, range))
        {
            return;
        }

        for (long offset = range.Offset; offset < range.End; offset += ZeroBufferSize)
        {
            int length = (int)Math.Min(ZeroBufferSize, range.End - offset);
            await file.WriteAsync(Zeros.AsMemory(0, length), offset, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void CheckRange(FolderRow row, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset > row.Length - length)
        {
            throw FolderErrors.OutOfRange(row.Name, offset, length, row.Length);
        }
    }
}
