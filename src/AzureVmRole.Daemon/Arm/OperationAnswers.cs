using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;

namespace AzureVmRole.Daemon.Arm;

/// <summary>How long-running operations look to clients: the headers that lead to them, their status, their result.</summary>
/// <param name="door">The fabric.</param>
/// <param name="longestHold">How long a poll is held until the operation ends.</param>
/// <param name="stopping">Signalled when the daemon stops: nothing is held any longer.</param>
internal sealed class OperationAnswers(FabricDoor door, TimeSpan longestHold, CancellationToken stopping)
{
    private static readonly (string, string) SoonAgain = ("Retry-After", "1");

    /// <summary>An answer to a request that was accepted, with the addresses to follow when something is left to do.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer without them.</param>
    /// <param name="operationId">What goes on; null when nothing does.</param>
    /// <param name="withStatus">Whether to send Azure-AsyncOperation.</param>
    /// <param name="withResult">Whether to send Location.</param>
    public ArmAnswer Follow(ArmRequest request, ArmAnswer answer, string? operationId, bool withStatus, bool withResult)
    {
        if (operationId is null)
        {
            return answer;
        }

        string location = door.FindOperation(operationId)?.Location is { Length: > 0 } found ? found : door.Options.Locations[0];
        string version = Uri.EscapeDataString(request.ApiVersion);
        string address = $"{request.BaseAddress}/subscriptions/{door.Options.SubscriptionId}/providers/Microsoft.Compute/locations/{location}/operations/{operationId}";
        var headers = new List<(string, string)>(answer.Headers) { SoonAgain };
        if (withStatus)
        {
            headers.Add(("Azure-AsyncOperation", $"{address}?api-version={version}"));
        }

        if (withResult)
        {
            headers.Add(("Location", $"{address}?monitor=true&api-version={version}"));
        }

        return answer with { Headers = headers };
    }

    /// <summary>Waits until an operation has ended, however long that takes.</summary>
    /// <exception cref="FabricException">It failed, or the daemon stops.</exception>
    public async Task<Operation> EndAsync(string operationId, CancellationToken cancellationToken)
    {
        while (true)
        {
            Operation operation = await WaitAsync(operationId, cancellationToken).ConfigureAwait(false);
            if (operation.Status == OperationStatus.Succeeded)
            {
                return operation;
            }

            if (operation.Status != OperationStatus.InProgress)
            {
                throw ErrorStatuses.Of(operation);
            }

            if (stopping.IsCancellationRequested)
            {
                throw ArmErrors.Stopping();
            }
        }
    }

    /// <summary>The status of an operation, held until it ends or the time is over.</summary>
    /// <exception cref="FabricException">There is none.</exception>
    public async Task<ArmAnswer> StatusAsync(string operationId, CancellationToken cancellationToken)
    {
        Operation operation = await WaitAsync(operationId, cancellationToken).ConfigureAwait(false);
        var body = new JsonObject
        {
            ["name"] = operation.Id,
            ["status"] = operation.Status.ToString(),
            ["startTime"] = Text(operation.Started),
        };
        if (operation.Ended is { } ended)
        {
            body["endTime"] = Text(ended);
        }

        if (operation.Status is OperationStatus.Failed or OperationStatus.Canceled)
        {
            FabricException error = ErrorStatuses.Of(operation);
            body["error"] = new JsonObject { ["code"] = error.AzureCode, ["message"] = error.Message };
        }
        else if (operation is { Status: OperationStatus.Succeeded, Result: { } result })
        {
            body["properties"] = new JsonObject { ["output"] = result.DeepClone() };
        }

        var answer = ArmAnswer.Ok(body);
        return operation.Status == OperationStatus.InProgress ? answer with { Headers = [SoonAgain] } : answer;
    }

    /// <summary>The result of an operation: 202 while it runs, held as the status is; then 200, or its error.</summary>
    /// <exception cref="FabricException">There is none, or it failed.</exception>
    public async Task<ArmAnswer> ResultAsync(ArmRequest request, string operationId, CancellationToken cancellationToken)
    {
        Operation operation = await WaitAsync(operationId, cancellationToken).ConfigureAwait(false);
        return operation.Status switch
        {
            OperationStatus.InProgress => new ArmAnswer(HttpStatusCode.Accepted)
            {
                Headers = [SoonAgain, ("Location", request.BaseAddress + request.Http.Request.Path + request.Http.Request.QueryString)],
            },
            OperationStatus.Succeeded => ArmAnswer.Document(HttpStatusCode.OK, operation.Result ?? ResourceOf(request, operation)),
            _ => throw ErrorStatuses.Of(operation),
        };
    }

    private JsonObject? ResourceOf(ArmRequest request, Operation operation)
    {
        if (operation.Action is not ("Put" or "Patch") || !door.Requests.TryGetValue(operation.ResourceId.Type, out IResourceRequests? requests))
        {
            return null;
        }

        return requests.Read(operation.ResourceId, request.ToContext());
    }

    private async Task<Operation> WaitAsync(string operationId, CancellationToken cancellationToken)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        Operation? operation;
        try
        {
            operation = await door.WaitForOperation(operationId, longestHold, held.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            operation = door.FindOperation(operationId);
        }

        return operation ?? throw ArmErrors.OperationNotFound(operationId);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
