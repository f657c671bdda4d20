using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>A published base in a container of a real Azurite, and a difference that is to be published on it through a faulty proxy.</summary>
internal sealed class PatchStage : IAsyncDisposable
{
    private readonly PatchDisks _disks;
    private string _baseImage = "";
    private byte[] _baseContent = [];

    private PatchStage(FaultyStore store, PatchDisks disks)
    {
        Store = store;
        _disks = disks;
    }

    public FaultyStore Store { get; }

    /// <summary>The base, at Azurite itself.</summary>
    public Uri Base => Store.Direct("base.vhd");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Publishes the base past the proxy, whose first request is the patch's then. Each stage has a base of its own: Azurite
    /// names snapshots by the millisecond, so that two copies of one blob at a time would share one.
    /// </summary>
    /// <param name="azurite">The service.</param>
    /// <param name="disks">What is published.</param>
    /// <param name="actsAsAzure">
    /// Whether checksums are checked as in Azure. The base is then a snapshot: a copy made straight from a blob shares the blob's
    /// pages in Azurite, which the engine only avoids where it sees Azurite.
    /// </param>
    public static async Task<PatchStage> SetAsync(AzuriteFixture azurite, PatchDisks disks, bool actsAsAzure = false)
    {
        var stage = new PatchStage(await FaultyStore.StartAsync(azurite), disks);
        await stage.PublishBaseAsync(actsAsAzure);
        return stage;
    }

    public PublishOptions ToPatch(bool verify = false) => Store.ToPublish(_disks.TopPath) with { BaseImage = _baseImage, Verify = verify };

    /// <summary>Publishes the difference; the error with which it stopped, or null.</summary>
    public async Task<AzureVmRoleException?> TryPatchAsync(PublishOptions? options = null)
    {
        try
        {
            await DiskPublication.PublishAsync(options ?? ToPatch(), progress: null, Token);
            return null;
        }
        catch (AzureVmRoleException exception)
        {
            return exception;
        }
    }

    /// <summary>The blob is the whole difference.</summary>
    public Task AssertCompleteAsync() => Store.AssertCompleteAsync(_disks.Top);

    /// <summary>
    /// It stopped with an error that says what to do, and what is there passes for no disk. One thing the store does in one step:
    /// its copy is the base with the base's footer, which only the marker of a half upload tells from the base.
    /// </summary>
    public async Task AssertStoppedAsync(AzureVmRoleException exception)
    {
        Assert.True(exception.RecommendedAction is { Length: > 0 }, $"No action: {exception}");
        BlobView? view = await Store.LookAsync();
        if (view is { State: BlobMetadata.Uploading, HasValidFooter: true } && view.Content.AsSpan().SequenceEqual(_baseContent))
        {
            return;
        }

        await Store.AssertNothingCorruptIsADiskAsync(_disks.Top);
    }

    /// <summary>The base holds what it held, and nobody holds it.</summary>
    public async Task AssertBaseIsUntouchedAsync()
    {
        BlobView? view = await BlobView.ReadAsync(Base, Token);
        Assert.Equal((BlobMetadata.Complete, "available"), (view?.State, view?.LeaseState));
        Assert.True(view?.Content.AsSpan().SequenceEqual(_baseContent), "The base was changed.");
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    private async Task PublishBaseAsync(bool actsAsAzure)
    {
        PublishOptions options = Store.ToPublish(_disks.BasePath) with { Destination = Base.AbsoluteUri };
        await DiskPublication.PublishAsync(options, progress: null, Token);
        _baseContent = (await BlobView.ReadAsync(Base, Token))?.Content ?? [];
        _baseImage = Store.Proxy.Through(Base).AbsoluteUri;
        Store.Proxy.ActsAsAzure = actsAsAzure;
        if (actsAsAzure)
        {
            OpenedBlob opened = BlobStores.Open(Base.AbsoluteUri, Store.Connection);
            await using (opened)
            {
                string snapshot = await opened.Store.CreateSnapshotAsync(opened.RequireBlob(), default, Token);
                _baseImage += $"?snapshot={Uri.EscapeDataString(snapshot)}";
            }
        }
    }
}
