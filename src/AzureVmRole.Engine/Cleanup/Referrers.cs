namespace AzureVmRole.Engine.Cleanup;

/// <summary>Everybody who is asked for references.</summary>
internal static class Referrers
{
    /// <summary>The store's own metadata and the given files.</summary>
    public static IReadOnlyList<IReferrer> From(IReadOnlyList<string> referencePaths) =>
        [new StoreReferrer(), .. referencePaths.Select(static path => new ReferenceFileReferrer(path))];
}
