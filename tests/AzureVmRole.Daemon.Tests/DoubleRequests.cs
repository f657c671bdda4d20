using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Arm;
using AzureVmRole.Fabric;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Daemon.Tests;

/// <summary>A fabric whose operations end when the test says so: stands in for the requests of one type.</summary>
internal sealed class DoubleRequests(ResourceType type) : IResourceRequests
{
    private readonly ConcurrentDictionary<string, Operation> _operations = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ResourceType Type => type;

    /// <summary>Whether requests are done at once.</summary>
    public bool IsImmediate { get; init; }

    /// <summary>Thrown by reads when it is set.</summary>
    public Exception? Failure { get; init; }

    /// <summary>What the requests said beside path and body.</summary>
    public ConcurrentQueue<RequestContext> Contexts { get; } = [];

    public FabricDoor Door(FabricOptions options) => new(
        options, new Dictionary<ResourceType, IResourceRequests> { [type] = this }, id => _operations.GetValueOrDefault(id), WaitAsync);

    /// <summary>Ends every operation that runs.</summary>
    public void End(OperationStatus status, JsonNode? result = null)
    {
        foreach (Operation operation in _operations.Values)
        {
            _operations[operation.Id] = operation with
            {
                Status = status,
                Ended = TimeProvider.System.GetUtcNow(),
                Result = result,
                ErrorCode = status == OperationStatus.Failed ? "AllocationFailed" : null,
                ErrorMessage = status == OperationStatus.Failed ? "No host has room." : null,
            };
        }

        _ended.TrySetResult();
    }

    public Task<Acceptance> PutAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) => Begin("Put", id, context, Document(id));

    public Task<Acceptance> PatchAsync(ResourceId id, JsonObject body, RequestContext context, CancellationToken cancellationToken) => Begin("Patch", id, context, Document(id));

    public Task<Acceptance> DeleteAsync(ResourceId id, RequestContext context, CancellationToken cancellationToken) =>
        id.Name == "missing" ? Task.FromResult(Acceptance.Nothing) : Begin("Delete", id, context, null);

    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken) =>
        Begin(action, id, context, null);

    public JsonObject Read(ResourceId id, RequestContext context) => Failure is null
        ? id.Name == "missing" ? throw new FabricException(HttpStatusCode.NotFound, "NotFound", id.Name, "It is missing.") : Document(id)
        : throw Failure;

    public JsonObject ReadPart(ResourceId id, string part, RequestContext context) => new() { ["part"] = part };

    public ResourcePage List(ListScope scope, string? continuation, int top, RequestContext context)
    {
        int start = continuation is null ? 0 : int.Parse(continuation, System.Globalization.CultureInfo.InvariantCulture);
        var group = new ResourceId(scope.SubscriptionId, scope.GroupName ?? "rg", type, "x");
        JsonObject[] items = [.. Enumerable.Range(start, Math.Min(top, 5 - start)).Select(number => Document(group.Of(type, $"n{number}")))];
        return new ResourcePage(items, start + top < 5 ? (start + top).ToString(System.Globalization.CultureInfo.InvariantCulture) : null);
    }

    private static JsonObject Document(ResourceId id) => new() { ["id"] = id.Text, ["name"] = id.Name, ["etag"] = "\"7\"", ["location"] = "local2" };

    private Task<Acceptance> Begin(string action, ResourceId id, RequestContext context, JsonObject? body)
    {
        if (IsImmediate)
        {
            Contexts.Enqueue(context);
            return Task.FromResult(new Acceptance(IsCreated: id.Name == "new", body, null));
        }

        var operation = new Operation
        {
            Id = Guid.NewGuid().ToString("D"),
            ResourceId = id,
            Action = action,
            Location = "local2",
            Generation = 1,
            Status = OperationStatus.InProgress,
            Started = TimeProvider.System.GetUtcNow(),
        };
        _operations[operation.Id] = operation;

        // Last: whoever sees the request may end its operation at once.
        Contexts.Enqueue(context);
        return Task.FromResult(new Acceptance(IsCreated: id.Name == "new", body, operation.Id));
    }

    private async Task<Operation?> WaitAsync(string id, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (_operations.TryGetValue(id, out Operation? running) && running.Status == OperationStatus.InProgress)
        {
            try
            {
                await _ended.Task.WaitAsync(longest, TimeProvider.System, cancellationToken);
            }
            catch (TimeoutException)
            {
                // As it is.
            }
        }

        return _operations.GetValueOrDefault(id);
    }
}
