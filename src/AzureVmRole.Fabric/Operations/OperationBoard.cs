using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Operations;

/// <summary>The operations that clients wait for.</summary>
public sealed class OperationBoard
{
    private readonly FabricDatabase _database;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    internal OperationBoard(FabricDatabase database, TimeProvider clock)
    {
        _database = database;
        _clock = clock;
    }

    /// <summary>An operation as it is now; null when there is none, or it ended long ago.</summary>
    public Operation? Find(string id) => _database.Read(table => table.FindOperation(id));

    /// <summary>An operation when it has ended, or as it is after some time.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="longest">How long to wait at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when there is no such operation.</returns>
    public async Task<Operation?> WaitAsync(string id, TimeSpan longest, CancellationToken cancellationToken)
    {
        TaskCompletionSource ended = _waiting.GetOrAdd(id, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Operation? now = Find(id);
        if (now is not { Status: OperationStatus.InProgress })
        {
            // Others may wait for the same end, which is announced only to those who are still in the table.
            Announce([id]);
            return now;
        }

        try
        {
            await ended.Task.WaitAsync(longest, _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller gets the operation as it is, and may ask again.
        }

        return Find(id);
    }

    /// <summary>Ends the operations on a resource up to a generation; call in the transaction that notes the outcome, then <see cref="Announce"/>.</summary>
    /// <param name="table">The transaction.</param>
    /// <param name="id">The resource.</param>
    /// <param name="generation">The generation that was reached, or could not be.</param>
    /// <param name="fault">Why it could not be; null for success.</param>
    /// <param name="result">What the last of them gives; null for nothing.</param>
    /// <returns>The ids of the operations that ended.</returns>
    internal IReadOnlyList<string> End(FabricTable table, ResourceId id, long generation, FabricException? fault = null, JsonNode? result = null)
    {
        var ended = new List<string>();
        foreach (Operation operation in table.ListRunning(id).Where(operation => operation.Generation <= generation))
        {
            table.Save(operation with
            {
                Status = fault is null ? OperationStatus.Succeeded : OperationStatus.Failed,
                Ended = _clock.GetUtcNow(),
                ErrorCode = fault?.AzureCode,
                ErrorMessage = fault is { RecommendedAction: { } action } ? $"{fault.Message} {action}" : fault?.Message,
                Result = operation.Generation == generation ? result : null,
            });
            ended.Add(operation.Id);
        }

        return ended;
    }

    /// <summary>Wakes who waits for operations; call after the transaction that ended them was committed.</summary>
    internal void Announce(IEnumerable<string> operationIds)
    {
        foreach (string id in operationIds)
        {
            if (_waiting.TryRemove(id, out TaskCompletionSource? waiting))
            {
                waiting.TrySetResult();
            }
        }
    }
}
