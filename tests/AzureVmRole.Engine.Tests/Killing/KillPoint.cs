namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>When a process is killed: instead of one of its calls that change files, or after a time.</summary>
/// <param name="Call">The number of the call, from 1 on; 0 for none.</param>
/// <param name="IsTorn">Whether the first half of what the call writes is still written.</param>
/// <param name="Delay">How long after the start of the operation, where no call is named.</param>
internal readonly record struct KillPoint(int Call, bool IsTorn, TimeSpan Delay)
{
    /// <summary>Points spread over an operation: at its calls first, between them by time when more are wanted.</summary>
    /// <param name="count">How many.</param>
    /// <param name="callCount">The calls of the whole operation; 0 where they cannot be counted.</param>
    /// <param name="duration">How long the whole operation took.</param>
    /// <param name="seed">What chance starts from.</param>
    public static IEnumerable<KillPoint> Spread(int count, int callCount, TimeSpan duration, int seed)
    {
        var random = new Random(seed);
        int timed = callCount == 0 ? count : Math.Max(count / 6, count - (2 * callCount));
        int torn = Math.Min((count - timed) / 4, callCount);
        int clean = Math.Min(count - timed - torn, callCount);
        torn = count - timed - clean;
        foreach (int call in SpreadCalls(clean, callCount, random))
        {
            yield return new KillPoint(call, IsTorn: false, default);
        }

        foreach (int call in SpreadCalls(torn, callCount, random))
        {
            yield return new KillPoint(call, IsTorn: true, default);
        }

        for (int index = 0; index < timed; index++)
        {
            yield return new KillPoint(0, IsTorn: false, duration * ((index + random.NextDouble()) / timed));
        }
    }

    private static IEnumerable<int> SpreadCalls(int count, int callCount, Random random)
    {
        for (int index = 0; index < count; index++)
        {
            int first = (int)((long)callCount * index / count);
            int next = (int)((long)callCount * (index + 1) / count);
            yield return 1 + random.Next(first, next);
        }
    }
}
