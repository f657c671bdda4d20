using Microsoft.Data.Sqlite;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>The tables, and how a database of an earlier version gets them. <c>user_version</c> counts the steps that were made.</summary>
internal static class FolderSchema
{
    /// <summary>The snapshot column of the blob itself: sorts after every snapshot's id, so that a listing has them before it.</summary>
    public const string NoSnapshot = "~";

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE containers (name TEXT NOT NULL PRIMARY KEY, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE blobs (
            container TEXT NOT NULL, name TEXT NOT NULL, snapshot TEXT NOT NULL,
            generation INTEGER NOT NULL, length INTEGER NOT NULL, version INTEGER NOT NULL,
            created INTEGER NOT NULL, modified INTEGER NOT NULL,
            metadata TEXT, tags TEXT, md5 BLOB,
            lease_id TEXT, lease_duration INTEGER, lease_ends INTEGER, lease_breaks INTEGER,
            copy_id TEXT, copy_state INTEGER NOT NULL, copy_done INTEGER NOT NULL, copy_description TEXT,
            PRIMARY KEY (container, name, snapshot)) WITHOUT ROWID;
        CREATE UNIQUE INDEX blobs_generation ON blobs (generation);
        CREATE TABLE leftovers (path TEXT NOT NULL PRIMARY KEY, container TEXT, name TEXT) WITHOUT ROWID;
        """,
    ];

    /// <summary>Brings a database to this version; runs inside a transaction.</summary>
    /// <exception cref="TransferException">The database is of a later version.</exception>
    public static void Migrate(SqliteConnection connection, FolderPaths paths)
    {
        long version = Number(connection, "PRAGMA user_version");
        if (version > Steps.Length)
        {
            throw new TransferException(
                ErrorCode.StoreDamaged, paths.Root,
                $"The database '{paths.Database}' has version {version}, this module knows versions up to {Steps.Length}.",
                "Use the version of the module that made the store, or a later one.");
        }

        for (long step = version; step < Steps.Length; step++)
        {
            Run(connection, Steps[step]);
        }

        if (version < Steps.Length)
        {
            Run(connection, $"PRAGMA user_version = {Steps.Length}");
        }
    }

    private static long Number(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
