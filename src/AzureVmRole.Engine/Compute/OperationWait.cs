using System.Diagnostics;
using Azure;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute;

/// <summary>
/// Waits for long-running operations. Who stops waiting does not stop the operation: the service goes on, and a warning says so.
/// </summary>
internal static class OperationWait
{
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenTicks = TimeSpan.FromMilliseconds(250);

    /// <summary>Begins an operation and waits for its end, unless nobody wants to.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="what">What is done, as errors say it: "start".</param>
    /// <param name="target">The resource's name.</param>
    /// <param name="begin">Asks the service to begin.</param>
    /// <param name="options">Whether and how to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The operation, completed unless nobody waited.</returns>
    public static Task<T> RunAsync<T>(
        FabricConnection connection, string what, string target, Func<CancellationToken, Task<T>> begin, OperationOptions options, CancellationToken cancellationToken)
        where T : Operation => FabricFailures.AskAsync(connection, what, target, async token =>
        {
            options.Progress?.Report(Describe(what, target, TimeSpan.Zero));
            T operation = await BeginAsync(what, target, begin, options, token).ConfigureAwait(false);
            if (options.NoWait && !operation.HasCompleted)
            {
                options.Log?.WriteDecision($"The request to {what} '{target}' was accepted; nobody waits for its end.");
                return operation;
            }

            await WaitAsync(connection, what, target, operation, options, token).ConfigureAwait(false);
            return operation;
        }, cancellationToken);

    private static async Task<T> BeginAsync<T>(
        string what, string target, Func<CancellationToken, Task<T>> begin, OperationOptions options, CancellationToken cancellationToken)
        where T : Operation
    {
        try
        {
            return await begin(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            options.Log?.WriteWarning($"Stopped before the service said that it accepts the request to {what} '{target}': it may go on with it.");
            throw;
        }
    }

    private static async Task WaitAsync(
        FabricConnection connection, string what, string target, Operation operation, OperationOptions options, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        ITimer? ticker = options.Progress is null
            ? null
            : connection.Clock.CreateTimer(_ => options.Progress.Report(Describe(what, target, watch.Elapsed)), null, BetweenTicks, BetweenTicks);
        try
        {
            while (!operation.HasCompleted)
            {
                // The answer is held by the local fabric until the operation ends, or for 20 s.
                await operation.UpdateStatusAsync(cancellationToken).ConfigureAwait(false);
                if (!operation.HasCompleted)
                {
                    await Task.Delay(BetweenPolls, connection.Clock, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            options.Log?.WriteWarning($"Only the waiting has stopped: the service goes on to {what} '{target}'.");
            throw;
        }
        finally
        {
            ticker?.Dispose();
        }
    }

    private static TransferProgress Describe(string what, string target, TimeSpan elapsed) =>
        new($"{char.ToUpperInvariant(what[0])}{what[1..]} '{target}'", 0, 0) { Status = $"{(long)elapsed.TotalSeconds} s (Ctrl-C ends the waiting, not the operation)" };
}
