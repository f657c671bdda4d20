using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task StartCopy_SameContainer_WholeWithMetadata()
    {
        (BlobName source, byte[] expected) = await MakeSourceAsync();
        BlobName target = Blob("copy.vhd");

        BlobCopySource from = await Store.GetCopySourceAsync(source, null, null, Token);
        string copy = await Store.StartCopyAsync(target, from, null, default, Token);

        BlobProperties properties = await WaitForCopyAsync(target);
        Assert.Equal((BlobCopyState.Success, copy, (long)MiB), (properties.CopyState, properties.CopyId, properties.Length));
        Assert.Equal("source", properties.Metadata["note"]);
        Assert.Equal(expected, await ReadAsync(target, 0, MiB));
        AssertCover(await RangesAsync(target), expected, 0);
        Assert.Equal(expected, await ReadAsync(source, 0, MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_OwnMetadata_ReplacesTheSources()
    {
        (BlobName source, _) = await MakeSourceAsync();
        BlobName target = Blob("copy.vhd");

        await Store.StartCopyAsync(
            target, await Store.GetCopySourceAsync(source, null, null, Token), Metadata(("b", "2")), default, Token);

        BlobProperties properties = await WaitForCopyAsync(target);
        Assert.Equal(["b"], properties.Metadata.Keys, StringComparer.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_OfSnapshot_ItsContent()
    {
        (BlobName source, byte[] expected) = await MakeSourceAsync();
        string snapshot = await Store.CreateSnapshotAsync(source, default, Token);
        await Store.WritePagesAsync(source, 0, RandomBytes(64 * KiB, 9), default, Token);
        BlobName target = Blob("copy.vhd");

        await Store.StartCopyAsync(target, await Store.GetCopySourceAsync(source, snapshot, null, Token), null, default, Token);

        await WaitForCopyAsync(target);
        Assert.Equal(expected, await ReadAsync(target, 0, MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_OverBlob_ConditionsHold()
    {
        (BlobName source, byte[] expected) = await MakeSourceAsync();
        BlobName target = await MakeAsync("copy.vhd", Page);
        string lease = NewLease();
        await Store.AcquireLeaseAsync(target, lease, null, default, Token);
        BlobCopySource from = await Store.GetCopySourceAsync(source, null, null, Token);

        await FailsAsync(ErrorCode.BlobExists, () => Store.StartCopyAsync(target, from, null, new BlobConditions { MustNotExist = true }, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.StartCopyAsync(target, from, null, default, Token));
        await Store.StartCopyAsync(target, from, null, new BlobConditions { LeaseId = lease }, Token);

        BlobProperties properties = await WaitForCopyAsync(target);
        Assert.Equal(BlobLeaseState.Leased, properties.LeaseState);
        Assert.Equal(expected, await ReadAsync(target, 0, MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_UnderLeaseThatEnds_Refused()
    {
        Need(StoreCapability.EndlessLeaseForCopies);
        (BlobName source, _) = await MakeSourceAsync();
        BlobName target = await MakeAsync("copy.vhd", Page);
        string lease = NewLease();
        await Store.AcquireLeaseAsync(target, lease, TimeSpan.FromSeconds(30), default, Token);
        BlobCopySource from = await Store.GetCopySourceAsync(source, null, null, Token);
        var held = new BlobConditions { LeaseId = lease };

        await FailsAsync(ErrorCode.BlobLeased, () => Store.StartCopyAsync(target, from, null, held, Token));
        await Store.AcquireLeaseAsync(target, lease, null, default, Token);
        await Store.StartCopyAsync(target, from, null, held, Token);

        await WaitForCopyAsync(target);
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_SourceMissing_BlobNotFound()
    {
        BlobCopySource from = await Store.GetCopySourceAsync(Blob("missing.vhd"), null, null, Token);
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.StartCopyAsync(Blob("copy.vhd"), from, null, default, Token));
        Assert.Null(await Store.FindAsync(Blob("copy.vhd"), null, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task StartCopy_SourceChanged_BlobChanged()
    {
        Need(StoreCapability.CopySourceCondition);
        (BlobName source, _) = await MakeSourceAsync();
        BlobCopySource from = await Store.GetCopySourceAsync(source, null, (await FindAsync(source)).ETag, Token);
        await Store.WritePagesAsync(source, 0, RandomBytes(Page, 9), default, Token);

        await FailsAsync(ErrorCode.BlobChanged, () => Store.StartCopyAsync(Blob("copy.vhd"), from, null, default, Token));
        Assert.Null(await Store.FindAsync(Blob("copy.vhd"), null, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task AbortCopy_Ended_NothingHappens()
    {
        (BlobName source, byte[] expected) = await MakeSourceAsync();
        BlobName target = Blob("copy.vhd");
        string copy = await Store.StartCopyAsync(target, await Store.GetCopySourceAsync(source, null, null, Token), null, default, Token);
        await WaitForCopyAsync(target);

        await Store.AbortCopyAsync(target, copy, default, Token);

        Assert.Equal(expected, await ReadAsync(target, 0, MiB));
    }

    [Fact(Timeout = 60_000)]
    public async Task CopyPages_OtherBlob_RangeArrives()
    {
        Need(StoreCapability.PageCopy);
        (BlobName source, byte[] expected) = await MakeSourceAsync();
        BlobName target = await MakeAsync("target.vhd");
        string before = (await FindAsync(target)).ETag;

        await Store.CopyPagesAsync(
            target, 64 * KiB, 128 * KiB, await Store.GetCopySourceAsync(source, null, null, Token), default, Token);

        byte[] wanted = new byte[MiB];
        expected.AsSpan(64 * KiB, 128 * KiB).CopyTo(wanted.AsSpan(64 * KiB));
        Assert.Equal(wanted, await ReadAsync(target, 0, MiB));
        Assert.NotEqual(before, (await FindAsync(target)).ETag, StringComparer.Ordinal);
    }

    /// <summary>Waits until a copy has ended.</summary>
    protected async Task<BlobProperties> WaitForCopyAsync(BlobName name)
    {
        BlobProperties properties = await FindAsync(name);
        while (properties.CopyState == BlobCopyState.Pending)
        {
            await Task.Yield();
            properties = await FindAsync(name);
        }

        return properties;
    }

    private async Task<(BlobName Name, byte[] Content)> MakeSourceAsync()
    {
        BlobName source = Blob("source.vhd");
        await Store.CreateAsync(source, MiB, Metadata(("note", "source")), default, Token);
        byte[] expected = new byte[MiB];
        RandomBytes(128 * KiB).CopyTo(expected, 0);
        RandomBytes(Page, 2).CopyTo(expected, MiB - Page);
        await Store.WritePagesAsync(source, 0, expected.AsMemory(0, 128 * KiB), default, Token);
        await Store.WritePagesAsync(source, MiB - Page, expected.AsMemory(MiB - Page), default, Token);
        return (source, expected);
    }
}
