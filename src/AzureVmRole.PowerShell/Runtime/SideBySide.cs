namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Work on several things at once.</summary>
internal static class SideBySide
{
    /// <summary>Works on all of them. The failure of one is told, and the others go on.</summary>
    /// <param name="items">The things.</param>
    /// <param name="limit">How many at once.</param>
    /// <param name="work">The work on one.</param>
    /// <param name="failed">Told each failure.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static Task RunAsync<T>(
        IEnumerable<T> items, int limit, Func<T, CancellationToken, Task> work, Action<AzureVmRoleException> failed, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = limit, CancellationToken = cancellationToken }, async (item, token) =>
        {
            try
            {
                await work(item, token).ConfigureAwait(false);
            }
            catch (AzureVmRoleException failure)
            {
                failed(failure);
            }
        });
}
