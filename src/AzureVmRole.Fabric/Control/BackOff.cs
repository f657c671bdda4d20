using System.Collections.Concurrent;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Control;

/// <summary>How long the loop leaves a resource alone after its controller failed: twice as long each time, up to a minute, less a random part of up to one half.</summary>
/// <param name="random">Gives numbers from 0 to 1: resources that failed together do not all come back together.</param>
internal sealed class BackOff(Func<double> random)
{
    /// <summary>The most after the first failure.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);

    /// <summary>The most after any number of failures.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private const int MostDoublings = 20;

    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>Notes a failure.</summary>
    /// <returns>How many there were in a row, and how long to wait.</returns>
    public (int Failures, TimeSpan Delay) Fail(ResourceId id)
    {
        int failures = _failures.AddOrUpdate(id.Key, 1, static (_, before) => before + 1);
        double most = Math.Min(Longest.TotalMilliseconds, Shortest.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, MostDoublings)));
        return (failures, TimeSpan.FromMilliseconds(most * (1 - (random() / 2))));
    }

    /// <summary>Notes a success: the next failure is a first one.</summary>
    public void Succeed(ResourceId id) => _failures.TryRemove(id.Key, out _);
}
