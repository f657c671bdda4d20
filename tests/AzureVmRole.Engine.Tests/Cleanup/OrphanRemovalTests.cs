using System.Text.Json.Nodes;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class OrphanRemovalTests : IAsyncDisposable
{
    private readonly CleanupWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Remove_Report_OnlyOrphansGo()
    {
        BlobName orphan = await _world.AddAsync("orphan.vhd");
        BlobName kept = await _world.AddAsync("kept.vhd", (BlobMetadata.Protect, "golden"));
        _world.Age();

        RemovedVhd result = Assert.Single(await _world.RemoveAsync(await _world.SearchAsync()));

        Assert.Equal(("vhds/orphan.vhd", true, RetentionCode.Unreferenced), (result.Name, result.Removed, result.Reasons[0].Code));
        Assert.False(await _world.ExistsAsync(orphan));
        Assert.True(await _world.ExistsAsync(kept));
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_Log_LineBeforeAndAfterEach()
    {
        await _world.AddAsync("a.vhd");
        BlobName changed = await _world.AddAsync("b.vhd");
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        await _world.Store.SetMetadataAsync(changed, CleanupWorld.Map(("owner", "me")), default, Token);
        await File.WriteAllTextAsync(_world.LogPath, "{\"action\":\"earlier\"}\n", Token);

        await _world.RemoveAsync(report);

        JsonNode[] lines = [.. (await File.ReadAllLinesAsync(_world.LogPath, Token)).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["earlier", "delete", "deleted", "kept"], lines.Select(line => (string?)line["action"]), StringComparer.Ordinal);
        Assert.Equal(report[0].Uri.AbsoluteUri, (string?)lines[1]["blob"]);
        Assert.Equal(report[0].ETag, (string?)lines[1]["eTag"]);
        Assert.Contains("changed", (string?)lines[3]["reason"], StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_LogCannotBeWritten_NothingDeleted()
    {
        BlobName orphan = await _world.AddAsync("a.vhd");
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();

        DiskOperationException exception = await Assert.ThrowsAsync<DiskOperationException>(
            () => _world.RemoveAsync(report, _world.Options with { LogPath = Path.Combine(_world.LogPath, "nowhere.log") }));

        Assert.Equal(ErrorCode.WriteFailed, exception.Code);
        Assert.True(await _world.ExistsAsync(orphan));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(3, 30, false)]
    [InlineData(2, 30, true)]
    [InlineData(100, 29, true)]
    [InlineData(100, 30, false)]
    [InlineData(0, 100, true)]
    public async Task Remove_MoreThanTheLimits_NothingDeleted(int maximumCount, int maximumPercent, bool isRefused)
    {
        for (int number = 0; number < 10; number++)
        {
            await _world.AddAsync($"{number}.vhd", number < 7 ? [(BlobMetadata.Protect, "")] : []);
        }

        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        OrphanRemovalOptions options = _world.Options with { MaximumCount = maximumCount, MaximumPercent = maximumPercent };

        if (isRefused)
        {
            CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(() => _world.RemoveAsync(report, options));
            Assert.Equal(ErrorCode.RemovalLimitExceeded, exception.Code);
            Assert.Equal(10, (await _world.SearchAsync()).Count);
        }
        else
        {
            Assert.Equal(3, (await _world.RemoveAsync(report, options)).Count(result => result.Removed));
        }
    }

    [Fact]
    public void Options_Defaults_AsDocumented()
    {
        var options = new OrphanRemovalOptions();
        Assert.Equal((100, 20, TimeSpan.FromDays(7), false, false), (options.MaximumCount, options.MaximumPercent, options.MinimumAge, options.BreakLease, options.TakeSnapshot));
        Assert.Equal(TimeSpan.FromDays(7), new OrphanSearchOptions().MinimumAge);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_Plan_AsFromThePipeline()
    {
        BlobName orphan = await _world.AddAsync("a.vhd");
        _world.Age();
        await _world.SearchAsync(options: new OrphanSearchOptions { PlanPath = _world.PlanPath });

        RemovedVhd result = Assert.Single(await _world.RemoveAsync(OrphanPlan.Read(_world.PlanPath).Items));

        Assert.True(result.Removed);
        Assert.False(await _world.ExistsAsync(orphan));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    public async Task Remove_LeasedBlob_LeaseBrokenOnlyWhenAskedAndAlone(bool breakLease, bool isProtected, bool isRemoved)
    {
        BlobName leased = await _world.AddAsync("a.vhd", isProtected ? [(BlobMetadata.Protect, "")] : []);
        await _world.LeaseAsync(leased);
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        Assert.Equal(RetentionCode.Leased, report[0].Reasons[0].Code);

        await _world.RemoveAsync(report, _world.Options with { BreakLease = breakLease });

        Assert.Equal(!isRemoved, await _world.ExistsAsync(leased));
        if (!isRemoved)
        {
            Assert.Equal((BlobLeaseState.Leased, true), ((await _world.FindAsync(leased)).LeaseState, (await _world.FindAsync(leased)).LeaseIsInfinite));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_LeaseTakenAfterTheReport_NotBrokenEvenIfAsked()
    {
        BlobName orphan = await _world.AddAsync("a.vhd");
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        await _world.LeaseAsync(orphan);

        RemovedVhd result = Assert.Single(await _world.RemoveAsync(report, _world.Options with { BreakLease = true }));

        Assert.Equal((false, RetentionCode.Leased), (result.Removed, result.Reasons[0].Code));
        Assert.Equal(BlobLeaseState.Leased, (await _world.FindAsync(orphan)).LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_TimedLease_NeverBroken()
    {
        BlobName leased = await _world.AddAsync("a.vhd");
        _world.Age();
        await _world.Store.AcquireLeaseAsync(leased, Guid.NewGuid().ToString(), TimeSpan.FromSeconds(60), default, Token);
        List<OrphanVhd> report = await _world.SearchAsync();

        Assert.Empty(await _world.RemoveAsync(report, _world.Options with { BreakLease = true }));

        Assert.Equal(BlobLeaseState.Leased, (await _world.FindAsync(leased)).LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_TakeSnapshot_CopyOutlivesTheBlob()
    {
        BlobName orphan = await _world.AddDiskAsync("folder/a.vhd", "a");
        byte[] content = [.. Enumerable.Range(0, 512).Select(number => (byte)number)];
        await _world.Store.WritePagesAsync(orphan, 512, content, default, Token);
        _world.Age();

        RemovedVhd result = Assert.Single(await _world.RemoveAsync(await _world.SearchAsync(), _world.Options with { TakeSnapshot = true }));

        Assert.True(result.Removed);
        Assert.StartsWith("azvmrole-removed/vhds/folder/a.", result.KeptCopy, StringComparison.Ordinal);
        var copy = new BlobName("azvmrole-removed", result.KeptCopy!["azvmrole-removed/".Length..]);
        byte[] read = new byte[512];
        await _world.Store.ReadAsync(copy, null, 512, read, default, Token);
        Assert.Equal(content, read);
        Assert.Equal("a", (await _world.FindAsync(copy)).Metadata[BlobMetadata.DiskIdentifier]);
        Assert.Equal(RetentionCode.TooYoung, Assert.Single(await _world.SearchAsync()).Reasons[0].Code);

        _world.Age();
        RemovedVhd last = Assert.Single(await _world.RemoveAsync(await _world.SearchAsync(), _world.Options with { TakeSnapshot = true }));
        Assert.Equal((true, null), (last.Removed, last.KeptCopy));
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_StoreFailsHalfway_ReportsWhatIsDoneAndStops()
    {
        await _world.AddAsync("a.vhd");
        BlobName second = await _world.AddAsync("b.vhd");
        BlobName third = await _world.AddAsync("c.vhd");
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        var store = new InterruptedStore(_world.Store, call => call.Method == nameof(IBlobStore.DeleteAsync) && call.Blob == second
            ? throw new TransferException(ErrorCode.StoreUnreachable, "b", "The store is away.")
            : Task.CompletedTask);
        List<RemovedVhd> done = [];

        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => _world.RemoveAsync(report, store: store, results: done));

        Assert.Equal(ErrorCode.StoreUnreachable, exception.Code);
        Assert.Equal("vhds/a.vhd", Assert.Single(done).Name);
        Assert.Equal((BlobLeaseState.Available, BlobLeaseState.Available), ((await _world.FindAsync(second)).LeaseState, (await _world.FindAsync(third)).LeaseState));
        Assert.Contains("\"failed\"", await File.ReadAllTextAsync(_world.LogPath, Token), StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_CancelledAtEachCall_NoLeaseLeftAndWhatWasToldIsTrue()
    {
        int calls = 1;
        for (int cut = 0; cut < calls; cut++)
        {
            await using var world = new CleanupWorld();
            BlobName[] orphans = [await world.AddAsync("a.vhd"), await world.AddAsync("b.vhd")];
            world.Age();
            List<OrphanVhd> report = await world.SearchAsync();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var store = new InterruptedStore(world.Store, call => call.Number == cut ? stop.CancelAsync() : Task.CompletedTask);
            List<RemovedVhd> results = [];
            Exception? exception = await Record.ExceptionAsync(() => world.RemoveAsync(report, store: store, results: results, token: stop.Token));

            Assert.True(exception is null or OperationCanceledException, $"{exception}");
            foreach (BlobName orphan in orphans)
            {
                BlobProperties? left = await world.Store.FindAsync(orphan, null, Token);
                Assert.Equal(left is null, results.Any(result => result.Removed && result.Name == orphan.ToString()));
                Assert.NotEqual(BlobLeaseState.Leased, left?.LeaseState);
            }

            calls = Math.Max(calls, store.CallCount + 1);
        }
    }
}
