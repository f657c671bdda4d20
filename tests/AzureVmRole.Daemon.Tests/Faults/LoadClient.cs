using System.Collections.Concurrent;
using System.Net;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>
/// A client that asks for one thing after the other, follows some operations to their end and lets others run. What was not answered because the
/// daemon was killed is sent again with the same id, as the SDKs do.
/// </summary>
/// <param name="plan">What it asks for.</param>
/// <param name="ledger">What it learns.</param>
/// <param name="seed">What chance starts from.</param>
internal sealed class LoadClient(LoadPlan plan, LoadLedger ledger, int seed)
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentQueue<(string Path, LoadStep Step)> _operations = new();
    private LoadStep? _unanswered;

    /// <summary>How many requests were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>How many were sent again and answered then.</summary>
    public int Repeated { get; private set; }

    /// <summary>How many operations were followed to their end.</summary>
    public int Ended { get; private set; }

    /// <summary>Asks until the daemon is gone, or there were enough requests.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="answered">Told of each answer; false ends the work.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RunAsync(DaemonProcess daemon, Func<bool> answered, CancellationToken cancellationToken)
    {
        try
        {
            do
            {
                await AskAsync(daemon, await plan.NextAsync(daemon, cancellationToken), cancellationToken);
                if (_random.Next(10) < 4 && !_operations.IsEmpty)
                {
                    await FollowAsync(daemon, cancellationToken);
                }
            }
            while (answered());
        }
        catch (HttpRequestException)
        {
            // The daemon was killed.
        }
    }

    /// <summary>Sends again what was not answered, and follows every operation that was ever given to its end.</summary>
    public async Task CompleteAsync(DaemonProcess daemon, CancellationToken cancellationToken)
    {
        if (_unanswered is { } step)
        {
            await AskAsync(daemon, step, cancellationToken);
            Repeated++;
        }

        while (!_operations.IsEmpty)
        {
            await FollowAsync(daemon, cancellationToken);
        }
    }

    private async Task AskAsync(DaemonProcess daemon, LoadStep step, CancellationToken cancellationToken)
    {
        foreach (string id in step.Removes.Concat(step.Makes.Where(made => !ledger.Expected.ContainsKey(made))))
        {
            ledger.Expect(id, null);
        }

        _unanswered = step;
        DaemonAnswer answer = await daemon.SendAsync(cancellationToken, step.Method, step.Path, step.Body, step.RequestId);
        _unanswered = null;
        Answered++;
        if (!answer.IsSuccess)
        {
            Refuse(step, answer);
            return;
        }

        ledger.Count($"{step.Method} {(int)answer.Status}");
        foreach (string id in step.Makes)
        {
            ledger.Expect(id, true);
        }

        step.Accepted();
        if (answer.OperationPath is { } operation)
        {
            _operations.Enqueue((operation, step));
        }
        else
        {
            foreach (string id in step.Removes)
            {
                ledger.Expect(id, false);
            }
        }
    }

    /// <summary>A PATCH is answered when its operation has ended: it can have been accepted, and failed.</summary>
    private void Refuse(LoadStep step, DaemonAnswer answer)
    {
        ledger.Count($"{step.Method} {(int)answer.Status} {answer.Code}");
        if (answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.NotFound))
        {
            throw new InvalidOperationException($"{step} was answered {(int)answer.Status} {answer.Code}: {answer.Message}");
        }

        if (step.Method == "DELETE" && answer.Status == HttpStatusCode.Conflict)
        {
            ledger.Expect(step.Removes[0], true);
        }
        else if (step.Method == "PUT")
        {
            foreach (string id in step.Makes.Where(id => ledger.Expected[id] is null))
            {
                ledger.Expect(id, false);
            }
        }
    }

    private async Task FollowAsync(DaemonProcess daemon, CancellationToken cancellationToken)
    {
        if (!_operations.TryPeek(out (string Path, LoadStep Step) next))
        {
            return;
        }

        DaemonAnswer answer = await daemon.EndAsync(cancellationToken, next.Path);
        _operations.TryDequeue(out _);
        Ended++;
        string status = (string?)answer.Body["status"] ?? "";
        if (answer.Status != HttpStatusCode.OK || status is not ("Succeeded" or "Failed"))
        {
            throw new InvalidOperationException($"The operation of {next.Step} was answered {(int)answer.Status} {answer.Body.ToJsonString()}");
        }

        ledger.Count(status == "Succeeded" ? "operation Succeeded" : $"operation {next.Step.Method} {answer.Code}");
        if (status == "Failed" && (string.IsNullOrEmpty(answer.Code) || answer.Message.Length == 0 || answer.Code is "InternalServerError" or "InternalExecutionError" or "StorageFailure"))
        {
            throw new InvalidOperationException($"{next.Step} failed without a clear reason: {answer.Body.ToJsonString()}");
        }

        foreach (string id in next.Step.Removes)
        {
            ledger.Expect(id, status == "Succeeded" ? false : null);
        }
    }
}
