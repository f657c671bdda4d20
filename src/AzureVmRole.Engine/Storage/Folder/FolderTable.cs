using System.Data.Common;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>What is read and changed in one transaction: blobs here, containers, listings and leftovers in the other part.</summary>
internal sealed partial class FolderTable(DbConnection connection) : IDisposable
{
    private const string Columns =
        "container, name, snapshot, generation, length, version, created, modified, metadata, tags, md5, "
        + "lease_id, lease_duration, lease_ends, lease_breaks, copy_id, copy_state, copy_done, copy_description";

    private readonly StatementCache _statements = new(connection);

    /// <summary>A blob or a snapshot; null when it does not exist.</summary>
    public FolderRow? Find(BlobName name, string? snapshot)
    {
        using DbDataReader reader = _statements.Query(
            $"SELECT {Columns} FROM blobs WHERE container = $1 AND name = $2 AND snapshot = $3",
            name.Container, name.Name, snapshot ?? FolderSchema.NoSnapshot);
        return reader.Read() ? ReadRow(reader) : null;
    }

    /// <summary>Whether a file of this number belongs to anything.</summary>
    public bool HasGeneration(long generation) => Any("SELECT 1 FROM blobs WHERE generation = $1", generation);

    /// <summary>Makes or replaces a row.</summary>
    public void Save(FolderRow row) => Run(
        $"INSERT OR REPLACE INTO blobs ({Columns}) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)",
        row.Name.Container, row.Name.Name, row.Snapshot ?? FolderSchema.NoSnapshot, row.Generation, row.Length, row.Version,
        row.Created.UtcTicks, row.Modified.UtcTicks, row.Metadata, row.Tags, row.ContentMd5,
        row.Lease.Id, row.Lease.Duration?.Ticks, row.Lease.EndsAt?.UtcTicks, row.Lease.BreaksAt?.UtcTicks,
        row.CopyId, (long)row.CopyState, row.CopyBytesDone, row.CopyDescription);

    /// <summary>Notes that pages change, in one small statement.</summary>
    public void SaveChange(FolderRow row) => Run(
        "UPDATE blobs SET version = $4, modified = $5 WHERE container = $1 AND name = $2 AND snapshot = $3",
        row.Name.Container, row.Name.Name, row.Snapshot ?? FolderSchema.NoSnapshot, row.Version, row.Modified.UtcTicks);

    public void Delete(FolderRow row) => Run(
        "DELETE FROM blobs WHERE container = $1 AND name = $2 AND snapshot = $3",
        row.Name.Container, row.Name.Name, row.Snapshot ?? FolderSchema.NoSnapshot);

    /// <summary>Notes how far a copy is.</summary>
    /// <returns>False when the blob is not that pending copy any more.</returns>
    public bool SaveCopyProgress(BlobName name, string copyId, long bytesDone) => Run(
        $"UPDATE blobs SET copy_done = $4 WHERE container = $1 AND name = $2 AND snapshot = '{FolderSchema.NoSnapshot}'"
        + $" AND copy_id = $3 AND copy_state = {(int)BlobCopyState.Pending}",
        name.Container, name.Name, copyId, bytesDone) == 1;

    /// <summary>The newest snapshot's id; null when there is none.</summary>
    public string? LastSnapshot(BlobName name) => (string?)_statements.Scalar(
        $"SELECT max(snapshot) FROM blobs WHERE container = $1 AND name = $2 AND snapshot < '{FolderSchema.NoSnapshot}'",
        name.Container, name.Name);

    /// <summary>A blob whose name needs this blob's file to be a folder; null when there is none.</summary>
    public string? FindBelow(BlobName name) => (string?)_statements.Scalar(
        "SELECT name FROM blobs WHERE container = $1 AND name >= $2 AND name < $3 LIMIT 1",
        name.Container, name.Name + "/", name.Name + "0");

    /// <summary>Whether there is a blob or a snapshot of this name.</summary>
    public bool HasName(string container, string name) => Any(
        "SELECT 1 FROM blobs WHERE container = $1 AND name = $2 LIMIT 1", container, name);

    /// <summary>Runs a statement that gives no rows.</summary>
    public int Run(string text, params ReadOnlySpan<object?> values) => _statements.Run(text, values);

    /// <inheritdoc/>
    public void Dispose() => _statements.Dispose();

    private bool Any(string text, params ReadOnlySpan<object?> values) => _statements.Scalar(text, values) is not null;

    private static FolderRow ReadRow(DbDataReader reader)
    {
        string snapshot = reader.GetString(2);
        return new FolderRow
        {
            Name = new BlobName(reader.GetString(0), reader.GetString(1)),
            Snapshot = snapshot == FolderSchema.NoSnapshot ? null : snapshot,
            Generation = reader.GetInt64(3),
            Length = reader.GetInt64(4),
            Version = reader.GetInt64(5),
            Created = Time(reader.GetInt64(6)),
            Modified = Time(reader.GetInt64(7)),
            Metadata = reader.Text(8),
            Tags = reader.Text(9),
            ContentMd5 = reader.IsDBNull(10) ? null : reader.GetFieldValue<byte[]>(10),
            Lease = reader.IsDBNull(11) ? default : new FolderLease(
                reader.GetString(11),
                reader.Number(12) is { } duration ? TimeSpan.FromTicks(duration) : null,
                reader.Number(13) is { } ends ? Time(ends) : null,
                reader.Number(14) is { } breaks ? Time(breaks) : null),
            CopyId = reader.Text(15),
            CopyState = (BlobCopyState)reader.GetInt64(16),
            CopyBytesDone = reader.GetInt64(17),
            CopyDescription = reader.Text(18),
        };
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}
