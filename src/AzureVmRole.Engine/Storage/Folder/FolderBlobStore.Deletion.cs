namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderBlobStore
{
    /// <inheritdoc/>
    /// <remarks>The row goes first, in one transaction with the checks; then the file. A file that a killed deletion left goes next time.</remarks>
    public Task DeleteAsync(
        BlobName name, string? snapshot, bool withSnapshots, BlobConditions conditions, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _reserve.Use(() => _database.Change(table =>
            {
                FolderRow row = FindExisting(table, name, snapshot);
                if (snapshot is not null)
                {
                    CheckETag(row, conditions);
                    Remove(table, row);
                    return true;
                }

                LetWrite(row, conditions, isReplaced: true);
                List<FolderRow> snapshots = table.ListSnapshots(name);
                if (snapshots.Count > 0 && !withSnapshots)
                {
                    throw FolderErrors.HasSnapshots(name);
                }

                foreach (FolderRow removed in snapshots.Append(row))
                {
                    Remove(table, removed);
                }

                return true;
            }));
            _files.Forget(name);
            _reserve.Use(() => _database.Change(table =>
            {
                _files.RemoveLeftovers(table);
                return true;
            }));
            _reserve.Fill();
        },
        cancellationToken);

    private void Remove(FolderTable table, FolderRow row)
    {
        table.Delete(row);
        _files.NoteLeftover(table, row);
    }
}
