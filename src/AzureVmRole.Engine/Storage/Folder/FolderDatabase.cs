using Microsoft.Data.Sqlite;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// The database of a folder store. Changes go one after the other through one connection, each in an immediate transaction, so
/// what a change has checked holds until it is committed, also against other processes. Long listings have connections of their own.
/// </summary>
internal sealed class FolderDatabase : IDisposable
{
    private const int BusyTimeoutInMilliseconds = 20_000;

    // A checkpoint flushes the files to disk; a rare one costs an upload nothing that could be felt. 8,000 pages are 32 MiB.
    private const int PagesBetweenCheckpoints = 8_000;

    private readonly Lock _lock = new();
    private readonly FolderPaths _paths;
    private readonly string _source;
    private readonly SqliteConnection _connection;
    private readonly FolderTable _table;

    private FolderDatabase(FolderPaths paths, string source, SqliteConnection connection)
    {
        _paths = paths;
        _source = source;
        _connection = connection;
        _table = new FolderTable(connection);
    }

    /// <summary>Opens the database, makes it when there is none, and brings it to this version.</summary>
    public static FolderDatabase Open(FolderPaths paths) => Open(paths, Source(paths.Database, SqliteOpenMode.ReadWriteCreate, SqliteCacheMode.Default));

    /// <summary>A database without blobs, in memory.</summary>
    public static FolderDatabase OpenEmpty(FolderPaths paths) => Open(paths, Source($"{Guid.NewGuid()}", SqliteOpenMode.Memory, SqliteCacheMode.Shared));

    private static FolderDatabase Open(FolderPaths paths, string source)
    {
        SqliteConnection? connection = null;
        try
        {
            connection = Connect(source);
            var database = new FolderDatabase(paths, source, connection);
            database.Change(_ =>
            {
                FolderSchema.Migrate(database._connection, paths);
                return true;
            });
            return database;
        }
        catch (Exception exception)
        {
            Close(connection);
            if (exception is SqliteException failure)
            {
                throw FolderErrors.Of(failure, paths);
            }

            throw;
        }
    }

    /// <summary>Checks and changes in one transaction, which ends with an error when <paramref name="work"/> throws one.</summary>
    public T Change<T>(Func<FolderTable, T> work)
    {
        lock (_lock)
        {
            try
            {
                _table.Run("BEGIN IMMEDIATE");
                T result;
                try
                {
                    result = work(_table);
                    _table.Run("COMMIT");
                }
                catch
                {
                    RollBack();
                    throw;
                }

                return result;
            }
            catch (SqliteException exception)
            {
                throw FolderErrors.Of(exception, _paths);
            }
        }
    }

    /// <summary>Reads with single statements.</summary>
    public T Read<T>(Func<FolderTable, T> work)
    {
        lock (_lock)
        {
            try
            {
                return work(_table);
            }
            catch (SqliteException exception)
            {
                throw FolderErrors.Of(exception, _paths);
            }
        }
    }

    /// <summary>Reads through a connection of its own, so that nobody waits for it.</summary>
    public T ReadApart<T>(Func<FolderTable, T> work)
    {
        try
        {
            using SqliteConnection connection = Connect(_source);
            using var table = new FolderTable(connection);
            return work(table);
        }
        catch (SqliteException exception)
        {
            throw FolderErrors.Of(exception, _paths);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _table.Dispose();
            Close(_connection);
        }
    }

    private void RollBack()
    {
        try
        {
            _table.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some errors, a full volume's for one, have ended the transaction already; the error that led here says why.
        }
    }

    private static string Source(string database, SqliteOpenMode mode, SqliteCacheMode cache) => new SqliteConnectionStringBuilder
    {
        DataSource = database,
        Mode = mode,
        Cache = cache,
        Pooling = true,
        DefaultTimeout = BusyTimeoutInMilliseconds / 1000,
    }.ConnectionString;

    private static SqliteConnection Connect(string source)
    {
        var connection = new SqliteConnection(source);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = $"""
                PRAGMA busy_timeout = {BusyTimeoutInMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                PRAGMA wal_autocheckpoint = {PagesBetweenCheckpoints};
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            Close(connection);
            throw;
        }
    }

    /// <summary>A connection in the pool would keep the file open, and the folder from being removed.</summary>
    private static void Close(SqliteConnection? connection)
    {
        if (connection is not null)
        {
            connection.Dispose();
            SqliteConnection.ClearPool(connection);
        }
    }
}
