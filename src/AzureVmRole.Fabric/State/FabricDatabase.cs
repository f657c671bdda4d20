using System.Net;
using AzureVmRole.Engine.Storage;
using Microsoft.Data.Sqlite;

namespace AzureVmRole.Fabric.State;

/// <summary>
/// The fabric's state, in SQLite (WAL). Changes go one after the other through one connection, each in an immediate transaction;
/// what is committed survives a kill of the process. Readers have connections of their own and wait for nobody.
/// </summary>
internal sealed class FabricDatabase : IDisposable
{
    private readonly Lock _writing = new();
    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly StatementCache _writes;
    private readonly StatementCache _reads;
    private readonly FabricTable _writeTable;
    private readonly FabricTable _readTable;

    private FabricDatabase(string path, SqliteConnection writer, SqliteConnection reader)
    {
        _path = path;
        _writer = writer;
        _reader = reader;
        _writes = new StatementCache(_writer);
        _reads = new StatementCache(_reader);
        _writeTable = new FabricTable(_writes);
        _readTable = new FabricTable(_reads);
    }

    /// <summary>Opens the database, makes it when there is none, checks it, and brings it to this version. A damaged one is left as it is.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <exception cref="FabricException">It is damaged, or of a later version.</exception>
    public static FabricDatabase Open(string path)
    {
        FabricDatabase? database = null;
        try
        {
            database = Connect(path);
            Check(path, database._reads);
            database.Change(_ =>
            {
                FabricSchema.Migrate(database._writes, path);
                return true;
            });
            FabricSchema.Probe(database._reads);
            return database;
        }
        catch (Exception exception)
        {
            database?.Dispose();
            throw exception switch
            {
                // Nothing else was asked of it yet than what every version has.
                SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR } failure => Damaged(path, failure.Message, failure),
                FabricException { InnerException: SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR } failure } => Damaged(path, failure.Message, failure),
                SqliteException failure => Explain(path, failure),
                _ => exception,
            };
        }
    }

    /// <summary>Checks and changes in one transaction, which is undone when <paramref name="work"/> throws.</summary>
    /// <exception cref="FabricException">The database cannot be written: the volume is full, or the file is damaged.</exception>
    public T Change<T>(Func<FabricTable, T> work)
    {
        lock (_writing)
        {
            try
            {
                _writes.Run("BEGIN IMMEDIATE");
                try
                {
                    T result = work(_writeTable);
                    _writes.Run("COMMIT");
                    return result;
                }
                catch
                {
                    RollBack();
                    throw;
                }
            }
            catch (SqliteException exception)
            {
                throw Explain(_path, exception);
            }
        }
    }

    /// <summary>Reads one state of everything.</summary>
    /// <exception cref="FabricException">The database cannot be read.</exception>
    public T Read<T>(Func<FabricTable, T> work)
    {
        lock (_reading)
        {
            try
            {
                _reads.Run("BEGIN");
                try
                {
                    return work(_readTable);
                }
                finally
                {
                    _reads.Run("COMMIT");
                }
            }
            catch (SqliteException exception)
            {
                throw Explain(_path, exception);
            }
        }
    }

    /// <summary>Whether an error is the database's own: it says nothing of the resource that was worked on, and the work is tried again.</summary>
    public static bool IsItsOwn(FabricException fault) => fault.InnerException is SqliteException;

    /// <inheritdoc/>
    public void Dispose()
    {
        _reads.Dispose();
        _writes.Dispose();
        Close(_reader);
        Close(_writer);
    }

    /// <summary>Writes a copy of the state as it is now, beside which others read and change on. An earlier copy is replaced when this one is whole.</summary>
    /// <param name="backupPath">The absolute path of the copy.</param>
    /// <exception cref="FabricException">The copy could not be made.</exception>
    public void BackUp(string backupPath)
    {
        string unfinished = backupPath + ".new";
        try
        {
            File.Delete(unfinished);
            using (SqliteConnection connection = OpenConnection(_path, "PRAGMA busy_timeout = 20000"))
            {
                using SqliteCommand command = connection.CreateCommand();
                command.CommandText = "VACUUM INTO $1";
                command.Parameters.AddWithValue("$1", unfinished);
                command.ExecuteNonQuery();
            }

            File.Move(unfinished, backupPath, overwrite: true);
        }
        catch (SqliteException exception)
        {
            throw Explain(_path, exception);
        }
    }

    private static FabricDatabase Connect(string path)
    {
        const string Settings = "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;";
        SqliteConnection writer = OpenConnection(path, Settings);
        try
        {
            return new FabricDatabase(path, writer, OpenConnection(path, Settings));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>A page that is not as SQLite wrote it shows before anything is built on it, not when it is met by chance.</summary>
    private static void Check(string path, StatementCache statements)
    {
        if (statements.Scalar("PRAGMA quick_check(1)") is string finding && finding != "ok")
        {
            throw Damaged(path, finding, null);
        }
    }

    private static SqliteConnection OpenConnection(string path, string settings)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant.
            command.CommandText = settings;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Close(SqliteConnection connection) => connection.Dispose();

    private static FabricException Damaged(string path, string finding, Exception? cause)
    {
        string backup = path + ".backup";
        string way = File.Exists(backup)
            ? $"delete '{path}-wal' and '{path}-shm', and put its backup '{backup}' of {File.GetLastWriteTimeUtc(backup):u} in its place; or move all three away and begin anew: the disks in the stores stay, and can be registered again."
            : $"move it away with '{path}-wal' and '{path}-shm', and begin anew: the disks in the stores stay, and can be registered again.";
        return new FabricException(ErrorCode.FabricDamaged, path, $"The fabric's database '{path}' is damaged ({finding}).", $"Stop the fabric, {way}", cause);
    }

    private static FabricException Explain(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => Damaged(path, exception.Message, exception),
        _ when exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL || exception.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_IOERR_SHMSIZE => new FabricException(
            HttpStatusCode.InsufficientStorage, "InsufficientStorage", path, $"There is no room for the fabric's database '{path}'. Nothing was changed.",
            "Free space on the volume, and repeat the request.", exception),
        _ => new FabricException(
            ErrorCode.FabricFailed, path, $"The fabric's database '{path}' could not be used: {exception.Message}", "Look for what else uses the file.", exception),
    };

    private void RollBack()
    {
        try
        {
            _writes.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some errors, a full volume's for one, have ended the transaction already; the error that led here says why.
        }
    }
}
