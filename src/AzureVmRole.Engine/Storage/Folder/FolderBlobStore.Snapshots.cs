using System.Globalization;
using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    private const string SnapshotFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private const int MostTries = 3;

    /// <inheritdoc/>
    /// <remarks>Where blocks cannot be shared, the data is copied; a blob that is written all the time cannot be caught.</remarks>
    public async Task<string> CreateSnapshotAsync(BlobName name, BlobConditions conditions, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            using FolderFile source = await Task.Run(
                () => OpenToRead(name, null, conditions, _ => { }), cancellationToken).ConfigureAwait(false);
            FolderRow before = _database.Read(table => FindExisting(table, name, null));
            if (before.CopyState == BlobCopyState.Pending && CheckCopyNow(before)?.CopyState == BlobCopyState.Pending)
            {
                throw FolderErrors.CopyPending(name);
            }

            // Whoever changed the ETag before it was read here has written its bytes after this; a later change shows in the ETag.
            await FolderGate.WaitForWritersAsync(_paths, before, cancellationToken).ConfigureAwait(false);
            if (before.Generation == source.Generation
                && await TrySnapshotAsync(source, before, conditions, cancellationToken).ConfigureAwait(false) is { } snapshot)
            {
                return snapshot;
            }
        }

        throw FolderErrors.Busy(name.ToString(), $"'{name}' was written to again and again while a snapshot of it was made.");
    }

    /// <returns>The snapshot's id; null when the blob was changed in the meantime.</returns>
    private async Task<string?> TrySnapshotAsync(
        FolderFile source, FolderRow before, BlobConditions conditions, CancellationToken cancellationToken)
    {
        long generation = FolderRow.NewNumber();
        string path = _paths.NewFile(generation);
        FolderRow? made = null;
        try
        {
            using (SafeFileHandle handle = _database.Change(_ => OpenNewFile(path, before)))
            {
                await FolderContent.CopyAsync(
                    source, new FileRange(0, before.Length), handle, _ => true, cancellationToken).ConfigureAwait(false);
                made = _database.Change(table => SaveSnapshot(table, before, generation, conditions));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, before.Name.ToString(), path, isWriting: true);
        }
        finally
        {
            if (made is null)
            {
                File.Delete(path);
            }
        }

        if (made is not null)
        {
            _files.Place(made);
        }

        return made?.Snapshot;
    }

    private FolderRow? SaveSnapshot(FolderTable table, FolderRow before, long generation, BlobConditions conditions)
    {
        FolderRow now = FindExisting(table, before.Name, null);
        LetRead(now, conditions);
        if (now.Version != before.Version)
        {
            return null;
        }

        DateTimeOffset time = Now;
        if (table.LastSnapshot(now.Name) is { } last && Parse(last) >= time)
        {
            time = Parse(last).AddTicks(1);
        }

        FolderRow row = now with
        {
            Snapshot = time.UtcDateTime.ToString(SnapshotFormat, CultureInfo.InvariantCulture), Generation = generation, Lease = default,
        };
        table.Save(row);
        return row;
    }

    private static DateTimeOffset Parse(string snapshot) =>
        DateTimeOffset.ParseExact(snapshot, SnapshotFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static SafeFileHandle OpenNewFile(string path, FolderRow row)
    {
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            SparseFiles.MarkSparse(handle);
            RandomAccess.SetLength(handle, row.Length);
            return handle;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, row.Name.ToString(), path, isWriting: true);
        }
    }
}
