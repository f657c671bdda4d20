using System.Data.Common;

namespace AzureVmRole.Engine.Storage.Folder;

internal sealed partial class FolderTable
{
    public bool HasContainer(string container) => Any("SELECT 1 FROM containers WHERE name = $1", container);

    public void AddContainer(string container, DateTimeOffset now) =>
        Run("INSERT OR IGNORE INTO containers (name, created) VALUES ($1, $2)", container, now.UtcTicks);

    /// <summary>The container after another one; null when there is none.</summary>
    public string? NextContainer(string after) => (string?)_statements.Scalar(
        "SELECT name FROM containers WHERE name > $1 ORDER BY name LIMIT 1", after);

    /// <summary>The rows of a container after a place in the order of names and snapshots.</summary>
    public List<FolderRow> ListAfter(string container, string name, string snapshot, bool withSnapshots, int count)
    {
        using DbDataReader reader = _statements.Query(
            $"SELECT {Columns} FROM blobs WHERE container = $1 AND (name, snapshot) > ($2, $3)"
            + (withSnapshots ? "" : $" AND snapshot = '{FolderSchema.NoSnapshot}'")
            + " ORDER BY name, snapshot LIMIT $4",
            container, name, snapshot, (long)count);
        List<FolderRow> rows = [];
        while (reader.Read())
        {
            rows.Add(ReadRow(reader));
        }

        return rows;
    }

    /// <summary>The snapshots of a blob.</summary>
    public List<FolderRow> ListSnapshots(BlobName name)
    {
        using DbDataReader reader = _statements.Query(
            $"SELECT {Columns} FROM blobs WHERE container = $1 AND name = $2 AND snapshot < '{FolderSchema.NoSnapshot}' ORDER BY snapshot",
            name.Container, name.Name);
        List<FolderRow> rows = [];
        while (reader.Read())
        {
            rows.Add(ReadRow(reader));
        }

        return rows;
    }

    /// <summary>Notes a file that belongs to nothing any more and is about to be deleted.</summary>
    public void AddLeftover(string path, BlobName? name) => Run(
        "INSERT OR REPLACE INTO leftovers (path, container, name) VALUES ($1, $2, $3)", path, name?.Container, name?.Name);

    public void RemoveLeftover(string path) => Run("DELETE FROM leftovers WHERE path = $1", path);

    /// <summary>The noted files, and which blob may have the same file again.</summary>
    public List<(string Path, BlobName? Name)> ListLeftovers()
    {
        using DbDataReader reader = _statements.Query("SELECT path, container, name FROM leftovers");
        List<(string, BlobName?)> leftovers = [];
        while (reader.Read())
        {
            leftovers.Add((reader.GetString(0), reader.IsDBNull(2) ? null : new BlobName(reader.GetString(1), reader.GetString(2))));
        }

        return leftovers;
    }
}
