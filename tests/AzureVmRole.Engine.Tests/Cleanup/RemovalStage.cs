using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>
/// A removal of two orphans from a store of several disks, with events between its calls, and the rule that no blob in use or
/// changed may go. Two windows stay open because no condition of a service closes them (docs/design/removal.md): a reference
/// noted in a file after its last reading, and a difference published after the survey has begun. Neither takes the blob's lease.
/// </summary>
internal sealed class RemovalStage : IAsyncDisposable
{
    private readonly List<(int Call, WorldEvent Event)> _script;
    private readonly Dictionary<WorldEvent, int> _happened = [];
    private readonly CleanupWorld _world = new();
    private readonly InterruptedStore _store;
    private int _surveyCall = -1;
    private bool _isCut;

    /// <param name="script">What happens before which call.</param>
    /// <param name="ignoresConditions">Whether the store forgets the conditions of a deletion.</param>
    public RemovalStage(IEnumerable<(int Call, WorldEvent Event)> script, bool ignoresConditions = false)
    {
        _script = [.. script];
        _store = new InterruptedStore(_world.Store, PlayAsync) { IgnoresConditions = ignoresConditions };
    }

    /// <summary>How many calls the removal made.</summary>
    public int CallCount => _store.CallCount;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static BlobName Target => CleanupWorld.Name("target.vhd");

    private static BlobName Second => CleanupWorld.Name("zsecond.vhd");

    /// <summary>Plays the removal and checks the rule.</summary>
    /// <param name="isLarge">Whether the store counts as large, so that the blobs share a survey.</param>
    public async Task RunAsync(bool isLarge)
    {
        List<OrphanVhd> report = await PrepareAsync(isLarge);
        List<RemovedVhd> results = [];
        try
        {
            await _world.RemoveAsync(report, store: _store, results: results);
        }
        catch (TransferException exception) when (exception.Code == ErrorCode.ListingIncomplete)
        {
            Assert.True(_isCut, "The listing was not cut.");
        }

        string story = $"{string.Join(", ", _script)}: {string.Join("; ", results)}";
        bool isGone = _store.Deleted.Contains(Target);
        Assert.True(!isGone || !MustStay(), $"The target was deleted. {story}");
        Assert.All(_store.Deleted, name => Assert.True(name == Target || name == Second, $"{name} was deleted. {story}"));
        Assert.Equal(isGone, results.Any(result => result.Removed && result.Name == Target.ToString()));
        if (_script.Count == 0)
        {
            Assert.Equal([Target, Second], _store.Deleted);
        }
        else if (!_isCut && !_happened.ContainsKey(WorldEvent.ClockJumpsBack) && !_happened.ContainsKey(WorldEvent.ClockJumpsAhead))
        {
            Assert.True(_store.Deleted.Contains(Second), $"The other orphan was kept. {story}");
        }

        await CheckLeasesAsync(story);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private async Task<List<OrphanVhd>> PrepareAsync(bool isLarge)
    {
        await _world.AddDiskAsync("base.vhd", "base");
        BlobName used = await _world.AddDiskAsync("used.vhd", "used", "base");
        await _world.AddDiskAsync(Target.Name, "target");
        await _world.AddDiskAsync(Second.Name, "second");
        await _world.LeaseAsync(used);
        _world.Age();
        List<OrphanVhd> report = await _world.SearchAsync();
        Assert.Equal([Target.ToString(), Second.ToString()], report.Where(item => item.IsOrphan).Select(item => item.Name), StringComparer.Ordinal);
        return isLarge ? Enlarge(report) : report;
    }

    private static List<OrphanVhd> Enlarge(List<OrphanVhd> report)
    {
        var listing = new SearchListing(report[0].Listing.Store, null, report[0].Listing.MadeOn) { Paths = [], TotalCount = 1_000_000 };
        report.ForEach(_ => listing.Count());
        listing.Complete();
        return [.. report.Select(item => item with { Listing = listing })];
    }

    private bool MustStay()
    {
        int deletion = _happened.GetValueOrDefault(WorldEvent.Deleted, int.MaxValue);
        return _happened.Any(happened => happened.Value < deletion && happened.Key is
            WorldEvent.ReferenceNoted or WorldEvent.LeaseTaken or WorldEvent.LeaseBrokenAndTaken or WorldEvent.Rewritten or WorldEvent.Recreated
            or WorldEvent.Protected or WorldEvent.SnapshotTaken or WorldEvent.CopiedOver or WorldEvent.DifferencePublished);
    }

    private async Task PlayAsync(StoreCall call)
    {
        if (call.IsSurvey)
        {
            _surveyCall = call.Number;
        }

        foreach ((int number, WorldEvent what) in _script)
        {
            if (number == call.Number && !_store.Deleted.Contains(Target))
            {
                await HappenAsync(what, call);
            }
        }

        if (_isCut && call.Method is "Next" or nameof(IBlobStore.ListAsync) && call.Blob is null && _isCut)
        {
            throw new TransferException(ErrorCode.AuthorizationFailed, "vhds", "You may not list 'vhds'.");
        }
    }

    private async Task HappenAsync(WorldEvent what, StoreCall call)
    {
        bool isTooLate = what switch
        {
            WorldEvent.ReferenceNoted => call.Method == nameof(IBlobStore.DeleteAsync),
            WorldEvent.DifferencePublished => _surveyCall >= 0 && call.Number > _surveyCall,
            _ => false,
        };
        try
        {
            await DoAsync(what);
        }
        catch (TransferException)
        {
            // The removal's lease, or what happened before, has kept it from happening.
            return;
        }

        if (!isTooLate)
        {
            _happened.TryAdd(what, call.Number);
        }
    }

    private async Task DoAsync(WorldEvent what)
    {
        IBlobStore store = _world.Store;
        switch (what)
        {
            case WorldEvent.ReferenceNoted:
                _world.Refer(Target);
                break;
            case WorldEvent.LeaseTaken:
                await _world.LeaseAsync(Target);
                break;
            case WorldEvent.LeaseBrokenAndTaken:
                await BreakAsync();
                await _world.LeaseAsync(Target);
                break;
            case WorldEvent.LeaseTakenAndGivenBack:
                string lease = Guid.NewGuid().ToString();
                await store.AcquireLeaseAsync(Target, lease, null, default, Token);
                await store.ReleaseLeaseAsync(Target, lease, Token);
                break;
            case WorldEvent.Rewritten:
                await store.WritePagesAsync(Target, 0, new byte[512], default, Token);
                break;
            case WorldEvent.Recreated:
                await store.DeleteAsync(Target, null, withSnapshots: true, default, Token);
                await _world.AddDiskAsync(Target.Name, "target");
                break;
            case WorldEvent.Protected:
                await store.SetMetadataAsync(Target, CleanupWorld.Map((BlobMetadata.Protect, "golden")), default, Token);
                break;
            case WorldEvent.SnapshotTaken:
                await store.CreateSnapshotAsync(Target, default, Token);
                break;
            case WorldEvent.CopiedOver:
                BlobCopySource source = await store.GetCopySourceAsync(CleanupWorld.Name("base.vhd"), null, null, Token);
                await store.StartCopyAsync(Target, source, null, default, Token);
                break;
            case WorldEvent.DifferencePublished:
                await _world.LeaseAsync(await _world.AddDiskAsync("new.vhd", "new", "target"));
                break;
            case WorldEvent.Deleted:
                await store.DeleteAsync(Target, null, withSnapshots: true, default, Token);
                break;
            case WorldEvent.ListingCut:
                _isCut = true;
                break;
            default:
                _world.Clock.Advance(TimeSpan.FromDays(what == WorldEvent.ClockJumpsAhead ? 365 : -365));
                break;
        }
    }

    private async Task BreakAsync()
    {
        try
        {
            await _world.Store.BreakLeaseAsync(Target, TimeSpan.Zero, default, Token);
        }
        catch (TransferException)
        {
            // There is none to break.
        }
    }

    private async Task CheckLeasesAsync(string story)
    {
        foreach (BlobName name in new[] { Target, Second })
        {
            // The removal's leases are timed, the others' are not.
            BlobProperties? left = await _world.Store.FindAsync(name, null, Token);
            Assert.False(left is { LeaseState: BlobLeaseState.Leased, LeaseIsInfinite: false }, $"{name} is still leased. {story}");
        }
    }
}
