using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.Engine.Tests.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>A real folder store with a clock that can be moved, a reference file, and what a search or a removal needs.</summary>
internal sealed class CleanupWorld : IAsyncDisposable
{
    public const string Container = "vhds";

    private readonly TemporaryFolder _folder = new();

    public CleanupWorld()
    {
        Store = FolderBlobStore.Open(_folder.File("store"), Clock);
        File.WriteAllText(ReferencePath, "# in use\n");
    }

    public ManualClock Clock { get; } = new();

    public IBlobStore Store { get; }

    public string ReferencePath => _folder.File("references.txt");

    public string LogPath => _folder.File("removal.log");

    public string PlanPath => _folder.File("plan.json");

    public OrphanRemovalOptions Options => new() { LogPath = LogPath, MaximumPercent = 100 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static BlobName Name(string name) => new(Container, name);

    /// <summary>Makes a disk; ids are words.</summary>
    public async Task<BlobName> AddAsync(string name, params (string Key, string Value)[] metadata)
    {
        BlobName blob = Name(name);
        await Store.CreateContainerAsync(Container, Token);
        await Store.CreateAsync(blob, 4096, Map(metadata), default, Token);
        return blob;
    }

    public Task<BlobName> AddDiskAsync(string name, string id, string? baseId = null) => baseId is null
        ? AddAsync(name, (BlobMetadata.State, BlobMetadata.Complete), (BlobMetadata.DiskIdentifier, id))
        : AddAsync(name, (BlobMetadata.State, BlobMetadata.Complete), (BlobMetadata.DiskIdentifier, id), (BlobMetadata.BaseIdentifier, baseId));

    public Task LeaseAsync(BlobName name) => Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), null, default, Token);

    public void Age(int days = 30) => Clock.Advance(TimeSpan.FromDays(days));

    public void Refer(BlobName name) => File.AppendAllText(ReferencePath, $"{name}\n");

    public IReadOnlyList<IReferrer> Referrers() => AzureVmRole.Engine.Cleanup.Referrers.From([ReferencePath]);

    public Task<List<OrphanVhd>> SearchAsync(IBlobStore? store = null, OrphanSearchOptions? options = null, string? container = null) =>
        ToListAsync(OrphanSearch.FindAsync(
            store ?? Store, container, Referrers(), (options ?? new OrphanSearchOptions()) with { ReferencePaths = [ReferencePath] }, Clock, null, Token));

    public async Task<List<RemovedVhd>> RemoveAsync(
        IReadOnlyList<OrphanVhd> items,
        OrphanRemovalOptions? options = null,
        IBlobStore? store = null,
        List<RemovedVhd>? results = null,
        CancellationToken? token = null)
    {
        OrphanRemovalOptions used = options ?? Options;
        IReadOnlyList<OrphanVhd> selected = OrphanRemoval.Select(items, used);
        if (selected.Count == 0)
        {
            return [];
        }

        using var log = RemovalLog.Open(used.LogPath, used.Connection.Log, Clock);
        var run = new RemovalRun(store ?? Store, Referrers(), used, log, Clock, progress: null);
        return await ToListAsync(run.RemoveAsync(selected, selected[0].Listing, token ?? Token), results);
    }

    public async Task<bool> ExistsAsync(BlobName name) => await Store.FindAsync(name, null, Token) is not null;

    public async Task<BlobProperties> FindAsync(BlobName name) =>
        await Store.FindAsync(name, null, Token) ?? throw new InvalidOperationException($"There is no '{name}'.");

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    public static Dictionary<string, string> Map(params (string Key, string Value)[] metadata) =>
        metadata.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    public static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items, List<T>? results = null)
    {
        List<T> list = results ?? [];
        await foreach (T item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
