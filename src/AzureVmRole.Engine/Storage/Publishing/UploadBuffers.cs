namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>How much memory a transfer may take.</summary>
internal static class UploadBuffers
{
    private const int MostByDefault = 16;

    /// <summary>How many runs may be in memory at once: one for each request that the store takes, and some that are filled meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="numberOfThreads">What the user asked for, or null.</param>
    public static int CountFor(IBlobStore store, int? numberOfThreads = null) =>
        (numberOfThreads ?? Math.Min(store.Concurrency.Maximum, MostByDefault)) + 2;
}
