using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Tests.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>
/// Search and removal through a real service. Azurite's clock is this machine's, so age is left out; it has no soft delete.
/// </summary>
public sealed class AzuriteOrphanTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _container = "orphans" + Guid.NewGuid().ToString("N");
    private StoreConnection _connection = new();
    private IBlobStore? _store;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IBlobStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    private OrphanRemovalOptions Removal => new()
    {
        Connection = _connection, MinimumAge = TimeSpan.Zero, MaximumPercent = 100, LogPath = _folder.File("removal.log"),
    };

    public async ValueTask InitializeAsync()
    {
        _connection = await azurite.ConnectAsync();
        _store = BlobStores.OpenStore(null, _connection);
        await Store.CreateContainerAsync(_container, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task FindAndRemove_ManyKinds_OnlyTheOrphanGoes()
    {
        BlobName orphan = await AddAsync("orphan.vhd");
        BlobName leased = await AddAsync("leased.vhd", (BlobMetadata.DiskIdentifier, "child" + _container), (BlobMetadata.BaseIdentifier, "base" + _container));
        await AddAsync("parent.vhd", (BlobMetadata.DiskIdentifier, "base" + _container));
        BlobName snapped = await AddAsync("snapped.vhd");
        await AddAsync("referenced.vhd");
        await AddAsync("protected.vhd", (BlobMetadata.Protect, "golden"));
        await Store.AcquireLeaseAsync(leased, Guid.NewGuid().ToString(), null, default, Token);
        await Store.CreateSnapshotAsync(snapped, default, Token);
        string references = _folder.File("references.txt");
        await File.WriteAllTextAsync(references, $"{_container}/referenced.vhd\n", Token);

        List<OrphanVhd> report = await SearchAsync(references);
        List<RemovedVhd> results = await CleanupWorld.ToListAsync(OrphanRemoval.RemoveAsync(report, Removal, null, Token));

        Assert.Equal(
            [
                ("leased.vhd", RetentionCode.Leased), ("orphan.vhd", RetentionCode.Unreferenced), ("parent.vhd", RetentionCode.ParentInUse),
                ("protected.vhd", RetentionCode.Protected), ("referenced.vhd", RetentionCode.Referenced), ("snapped.vhd", RetentionCode.HasSnapshots),
            ],
            report.Select(item => (item.Name[(_container.Length + 1)..], item.Reasons[0].Code)));
        Assert.True(Assert.Single(results).Removed, results[0].Reason);
        Assert.Null(await Store.FindAsync(orphan, null, Token));
        Assert.NotNull(await Store.FindAsync(leased, null, Token));
    }

    [Fact(Timeout = 120_000)]
    public async Task Remove_PlanThatIsNoLongerTrue_ChangedOnesStay()
    {
        BlobName rewritten = await AddAsync("a-rewritten.vhd");
        BlobName leased = await AddAsync("b-leased.vhd");
        BlobName snapped = await AddAsync("c-snapped.vhd");
        BlobName recreated = await AddAsync("d-recreated.vhd");
        BlobName orphan = await AddAsync("e-orphan.vhd");
        await SearchAsync(null, _folder.File("plan.json"));
        await Store.WritePagesAsync(rewritten, 0, new byte[512], default, Token);
        await Store.AcquireLeaseAsync(leased, Guid.NewGuid().ToString(), null, default, Token);
        await Store.CreateSnapshotAsync(snapped, default, Token);
        await Store.DeleteAsync(recreated, null, withSnapshots: false, default, Token);
        await AddAsync("d-recreated.vhd");

        List<RemovedVhd> results = await CleanupWorld.ToListAsync(
            OrphanRemoval.RemoveAsync(OrphanPlan.Read(_folder.File("plan.json")).Items, Removal, null, Token));

        Assert.Equal(
            [
                (false, RetentionCode.Changed), (false, RetentionCode.Leased), (false, RetentionCode.HasSnapshots),
                (false, RetentionCode.Changed), (true, RetentionCode.Unreferenced),
            ],
            results.Select(result => (result.Removed, result.Reasons[0].Code)));
        Assert.Null(await Store.FindAsync(orphan, null, Token));
        Assert.Equal(BlobLeaseState.Available, (await Store.FindAsync(snapped, null, Token))!.LeaseState);
    }

    [Fact(Timeout = 120_000)]
    public async Task ServiceTime_AfterAnAnswer_TheServersClock()
    {
        BlobName blob = await AddAsync("a.vhd");
        BlobProperties? found = await Store.FindAsync(blob, null, Token);

        Assert.NotNull(Store.ServiceTime);
        Assert.True((Store.ServiceTime.Value - found!.LastModified).Duration() < TimeSpan.FromMinutes(2), $"{Store.ServiceTime}, {found.LastModified}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Remove_TakeSnapshot_CopyStays()
    {
        await AddAsync("a.vhd");

        RemovedVhd result = Assert.Single(await CleanupWorld.ToListAsync(
            OrphanRemoval.RemoveAsync(await SearchAsync(null), Removal with { TakeSnapshot = true }, null, Token)));

        Assert.True(result.Removed, result.Reason);
        var copy = new BlobName("azvmrole-removed", result.KeptCopy!["azvmrole-removed/".Length..]);
        Assert.Equal(4096, (await Store.FindAsync(copy, null, Token))!.Length);
        await Store.DeleteAsync(copy, null, withSnapshots: false, default, Token);
    }

    private async Task<BlobName> AddAsync(string name, params (string Key, string Value)[] metadata)
    {
        var blob = new BlobName(_container, name);
        await Store.CreateAsync(blob, 4096, CleanupWorld.Map(metadata), default, Token);
        return blob;
    }

    private Task<List<OrphanVhd>> SearchAsync(string? references, string? planPath = null) => CleanupWorld.ToListAsync(OrphanSearch.FindAsync(
        new OrphanSearchOptions
        {
            Connection = _connection,
            Address = _container,
            MinimumAge = TimeSpan.Zero,
            ReferencePaths = references is null ? [] : [references],
            PlanPath = planPath,
        },
        null, Token));
}
