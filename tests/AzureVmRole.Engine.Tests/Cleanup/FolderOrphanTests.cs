using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>The operations as cmdlets call them, on a folder store.</summary>
public sealed class FolderOrphanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StoreConnection Connection => new() { FolderPath = _folder.File("my store") };

    private OrphanRemovalOptions Removal => new()
    {
        Connection = Connection, MinimumAge = TimeSpan.Zero, MaximumPercent = 100, LogPath = _folder.File("removal.log"),
    };

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(null)]
    [InlineData("vhds")]
    public async Task FindAndRemove_ConnectedFolder_OrphanGoes(string? address)
    {
        await AddAsync("a.vhd");
        var search = new OrphanSearchOptions { Connection = Connection, Address = address, MinimumAge = TimeSpan.Zero };

        List<OrphanVhd> report = await CleanupWorld.ToListAsync(OrphanSearch.FindAsync(search, null, Token));
        RemovedVhd result = Assert.Single(await CleanupWorld.ToListAsync(OrphanRemoval.RemoveAsync(report, Removal, null, Token)));

        Assert.True(result.Removed, result.Reason);
        Assert.Empty(await CleanupWorld.ToListAsync(OrphanSearch.FindAsync(search, null, Token)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Remove_ReferenceFileOfTheSearch_AskedAgain()
    {
        await AddAsync("a.vhd");
        string references = _folder.File("references.txt");
        await File.WriteAllTextAsync(references, "# nothing yet\n", Token);
        var search = new OrphanSearchOptions { Connection = Connection, MinimumAge = TimeSpan.Zero, ReferencePaths = [references] };
        List<OrphanVhd> report = await CleanupWorld.ToListAsync(OrphanSearch.FindAsync(search, null, Token));
        await File.AppendAllTextAsync(references, "vhds/a.vhd\n", Token);

        RemovedVhd result = Assert.Single(await CleanupWorld.ToListAsync(OrphanRemoval.RemoveAsync(report, Removal, null, Token)));

        Assert.Equal((false, RetentionCode.Referenced), (result.Removed, result.Reasons[0].Code));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_AddressOfABlob_Refused()
    {
        await AddAsync("a.vhd");
        var search = new OrphanSearchOptions { Connection = Connection, Address = "vhds/a.vhd" };

        TransferException exception = await Assert.ThrowsAsync<TransferException>(
            () => CleanupWorld.ToListAsync(OrphanSearch.FindAsync(search, null, Token)));

        Assert.Equal(ErrorCode.AddressInvalid, exception.Code);
    }

    private async Task AddAsync(string name)
    {
        await using IBlobStore store = BlobStores.OpenStore(null, Connection, mayCreate: true);
        await store.CreateContainerAsync("vhds", Token);
        await store.CreateAsync(new BlobName("vhds", name), 4096, CleanupWorld.Map(), default, Token);
    }
}
