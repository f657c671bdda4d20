using Azure.Core;
using Azure.Core.Pipeline;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>How often and how long requests are tried again.</summary>
/// <param name="Count">How often after the first try.</param>
/// <param name="Delay">The first pause; each further one is about twice as long.</param>
/// <param name="LongestDelay">The longest pause, unless the service's Retry-After asks for more.</param>
/// <param name="Timeout">How long an answer, or the next part of one, may take: 4 MiB at 40 KB/s.</param>
internal readonly record struct AzureRetryTimes(int Count, TimeSpan Delay, TimeSpan LongestDelay, TimeSpan Timeout)
{
    /// <summary>A minute of pauses in all.</summary>
    public static AzureRetryTimes Default { get; } =
        new(8, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(100));
}

/// <summary>
/// Azure.Core's retries (exponential, at random, never before Retry-After), with two changes: a server that has never answered
/// is given up soon, since its name is probably wrong; and a body that was damaged on the way (400 Md5Mismatch) is sent again.
/// </summary>
internal sealed class AzureRetries(AzureRetryTimes times, AzureTraffic traffic)
    : RetryPolicy(times.Count, DelayStrategy.CreateExponentialDelayStrategy(times.Delay, times.LongestDelay))
{
    private const int TriesOfUnknownServer = 3;

    private readonly int _count = times.Count;

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        Decide(message, exception) ?? base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        Decide(message, exception) is { } decision ? ValueTask.FromResult(decision) : base.ShouldRetryAsync(message, exception);

    private bool? Decide(HttpMessage message, Exception? exception)
    {
        int triesDone = message.ProcessingContext.RetryNumber + 1;
        if (exception is not null && !traffic.HasAnswered && triesDone >= TriesOfUnknownServer)
        {
            return false;
        }

        bool isDamaged = exception is null && message.HasResponse && message.Response.Status == 400
            && message.Response.Headers.TryGetValue("x-ms-error-code", out string? code) && code == "Md5Mismatch";
        return isDamaged && triesDone <= _count ? true : null;
    }
}
