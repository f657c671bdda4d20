using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>A resource as the database of a home folder has it.</summary>
internal sealed record HomeRow(string Id, string State, JsonObject Desired, JsonObject Observed, bool IsSettled)
{
    private static readonly string[] States = ["Creating", "Updating", "Succeeded", "Failed", "Deleting"];

    public string Key => Id.ToLowerInvariant();

    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    public bool Is(string type) => Id.Contains($"/Microsoft.Compute/{type}/", StringComparison.OrdinalIgnoreCase);

    /// <summary>A text of the observed document.</summary>
    public string? Seen(string name) => (string?)Observed[name];

    /// <summary>The virtual machine that a disk belongs to.</summary>
    public string? Owner => (string?)Desired["properties"]?["managedBy"];

    /// <summary>The disks that a virtual machine names.</summary>
    public IEnumerable<string> DiskKeys
    {
        get
        {
            JsonNode? storage = Desired["properties"]?["storageProfile"];
            return (storage?["dataDisks"] as JsonArray ?? []).Append(storage?["osDisk"])
                .Select(disk => ((string?)disk?["managedDisk"]?["id"] ?? "").ToLowerInvariant());
        }
    }

    /// <summary>Reads every resource of a home folder, whether a daemon has it open or not.</summary>
    public static List<HomeRow> ReadAll(string home)
    {
        using SqliteConnection connection = Open(home);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, state, desired, observed, observed_generation >= generation FROM resources ORDER BY key";
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<HomeRow>();
        while (reader.Read())
        {
            rows.Add(new HomeRow(
                reader.GetString(0), States[reader.GetInt32(1)], Parse(reader.GetString(2)), Parse(reader.GetString(3)), reader.GetBoolean(4)));
        }

        return rows;
    }

    /// <summary>How many operations run.</summary>
    public static long CountRunning(string home)
    {
        using SqliteConnection connection = Open(home);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM operations WHERE status = 0";
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string home)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(home, "fabric", "fabric.db"), Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static JsonObject Parse(string text) => (JsonObject)JsonNode.Parse(text)!;
}
