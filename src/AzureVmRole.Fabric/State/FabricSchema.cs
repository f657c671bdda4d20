using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Fabric.State;

/// <summary>The tables, and how a database of an earlier version gets them. <c>user_version</c> counts the steps that were made.</summary>
internal static class FabricSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE resources (
            key TEXT NOT NULL PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, location TEXT NOT NULL,
            desired TEXT NOT NULL, observed TEXT NOT NULL, generation INTEGER NOT NULL, observed_generation INTEGER NOT NULL,
            state INTEGER NOT NULL, version INTEGER NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX resources_type ON resources (type, key);
        CREATE INDEX resources_unsettled ON resources (key) WHERE observed_generation < generation OR state IN (0, 1, 4);
        CREATE TABLE operations (
            id TEXT NOT NULL PRIMARY KEY, resource_key TEXT NOT NULL, resource_id TEXT NOT NULL, action TEXT NOT NULL, location TEXT NOT NULL,
            generation INTEGER NOT NULL, status INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER,
            error_code TEXT, error_message TEXT, result TEXT) WITHOUT ROWID;
        CREATE INDEX operations_running ON operations (resource_key) WHERE status = 0;
        CREATE INDEX operations_ended ON operations (ended) WHERE ended IS NOT NULL;
        CREATE TABLE requests (id TEXT NOT NULL PRIMARY KEY, target TEXT NOT NULL, operation_id TEXT, is_created INTEGER NOT NULL, accepted INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX requests_accepted ON requests (accepted);
        CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE blobs (location TEXT NOT NULL, name TEXT NOT NULL, owner_key TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (location, name)) WITHOUT ROWID;
        CREATE INDEX blobs_owner ON blobs (owner_key);
        """,
    ];

    /// <summary>The version that this program makes.</summary>
    public static long Version => Steps.Length;

    /// <summary>Fails with SQLite's own error where a table or a column is missing.</summary>
    public static void Probe(StatementCache statements)
    {
        statements.Scalar("SELECT id, location, desired, observed, generation, observed_generation, state, version, created FROM resources LIMIT 0");
        statements.Scalar("SELECT id, resource_key, action, location, generation, status, started, ended, error_code, error_message, result FROM operations LIMIT 0");
        statements.Scalar("SELECT id, target, operation_id, is_created, accepted FROM requests LIMIT 0");
        statements.Scalar("SELECT name, value FROM settings LIMIT 0");
        statements.Scalar("SELECT location, name, owner_key, owner FROM blobs LIMIT 0");
    }

    /// <summary>Brings a database to this version; runs inside a transaction.</summary>
    /// <exception cref="FabricException">The database is of a later version.</exception>
    public static void Migrate(StatementCache statements, string path)
    {
        long version = (long)statements.Scalar("PRAGMA user_version")!;
        if (version > Steps.Length)
        {
            throw new FabricException(
                ErrorCode.FabricDamaged, path, $"The fabric's database '{path}' has version {version}, this program knows versions up to {Steps.Length}.",
                "Use the version of the program that made it, or a later one.");
        }

        foreach (string step in Steps.Skip((int)Math.Max(version, 0)))
        {
            statements.RunScript(step);
        }

        if (version < Steps.Length)
        {
            statements.RunScript($"PRAGMA user_version = {Steps.Length}");
        }
    }
}
