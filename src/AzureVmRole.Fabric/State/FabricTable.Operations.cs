using System.Data.Common;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.State;

internal sealed partial class FabricTable
{
    private const string OperationColumns =
        "id, resource_id, action, location, generation, status, started, ended, error_code, error_message, result";

    /// <summary>An operation; null when there is none, or it ended long ago.</summary>
    public Operation? FindOperation(string id)
    {
        using DbDataReader reader = statements.Query($"SELECT {OperationColumns} FROM operations WHERE id = $1", id);
        return reader.Read() ? ReadOperation(reader) : null;
    }

    /// <summary>The operations on a resource that run, the earliest first.</summary>
    public List<Operation> ListRunning(ResourceId id)
    {
        var found = new List<Operation>();
        using DbDataReader reader = statements.Query(
            $"SELECT {OperationColumns} FROM operations WHERE resource_key = $1 AND status = 0 ORDER BY started, generation", id.Key);
        while (reader.Read())
        {
            found.Add(ReadOperation(reader));
        }

        return found;
    }

    /// <summary>Makes or replaces an operation.</summary>
    public void Save(Operation operation) => statements.Run(
        "INSERT OR REPLACE INTO operations (id, resource_key, resource_id, action, location, generation, status, started, ended, error_code, error_message, result)"
        + " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)",
        operation.Id, operation.ResourceId.Key, operation.ResourceId.Text, operation.Action, operation.Location, operation.Generation,
        (long)operation.Status, operation.Started.UtcTicks, operation.Ended?.UtcTicks, operation.ErrorCode, operation.ErrorMessage,
        operation.Result?.ToJsonString());

    /// <summary>What became of a request that a client repeats; null when it is new.</summary>
    /// <param name="clientRequestId">The id that the client gave it.</param>
    /// <param name="target">Method and path: an id counts for one request only.</param>
    public (string? OperationId, bool IsCreated)? FindRequest(string clientRequestId, string target)
    {
        using DbDataReader reader = statements.Query(
            "SELECT operation_id, is_created FROM requests WHERE id = $1 AND target = $2", clientRequestId, target);
        return reader.Read() ? (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetInt64(1) != 0) : null;
    }

    /// <summary>Notes that a request was accepted.</summary>
    public void SaveRequest(string clientRequestId, string target, string? operationId, bool isCreated, DateTimeOffset now) => statements.Run(
        "INSERT OR REPLACE INTO requests (id, target, operation_id, is_created, accepted) VALUES ($1,$2,$3,$4,$5)",
        clientRequestId, target, operationId, isCreated ? 1 : 0, now.UtcTicks);

    /// <summary>Forgets ended operations and requests from before a time.</summary>
    public void RemoveEndedBefore(DateTimeOffset time)
    {
        statements.Run("DELETE FROM operations WHERE ended < $1", time.UtcTicks);
        statements.Run("DELETE FROM requests WHERE accepted < $1", time.UtcTicks);
    }

    private static Operation ReadOperation(DbDataReader reader) => new()
    {
        Id = reader.GetString(0),
        ResourceId = ParseId(reader.GetString(1)),
        Action = reader.GetString(2),
        Location = reader.GetString(3),
        Generation = reader.GetInt64(4),
        Status = (OperationStatus)reader.GetInt64(5),
        Started = new DateTimeOffset(reader.GetInt64(6), TimeSpan.Zero),
        Ended = reader.IsDBNull(7) ? null : new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero),
        ErrorCode = reader.IsDBNull(8) ? null : reader.GetString(8),
        ErrorMessage = reader.IsDBNull(9) ? null : reader.GetString(9),
        Result = reader.IsDBNull(10) ? null : JsonNode.Parse(reader.GetString(10)),
    };
}
