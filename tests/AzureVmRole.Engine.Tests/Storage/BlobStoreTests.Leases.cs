using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    [Fact(Timeout = 60_000)]
    public async Task AcquireLease_Held_OthersMayReadButNotWrite()
    {
        BlobName blob = await MakeAsync();
        string etag = (await FindAsync(blob)).ETag;
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, null, default, Token);

        BlobProperties properties = await FindAsync(blob);
        Assert.Equal((BlobLeaseState.Leased, true, etag), (properties.LeaseState, properties.LeaseIsInfinite, properties.ETag));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.WritePagesAsync(blob, 0, new byte[Page], default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.ClearPagesAsync(blob, 0, Page, default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.SetMetadataAsync(blob, NoMetadata, default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.SetContentMd5Async(blob, new byte[16], default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.CreateAsync(blob, Page, NoMetadata, default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.DeleteAsync(blob, null, false, default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token));
        Assert.Equal(new byte[Page], await ReadAsync(blob, 0, Page));

        var held = new BlobConditions { LeaseId = lease };
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), held, Token);
        await Store.SetMetadataAsync(blob, Metadata(("a", "1")), held, Token);
        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page));
        await Store.DeleteAsync(blob, null, false, held, Token);
        Assert.Null(await Store.FindAsync(blob, null, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task AcquireLease_OtherIdGiven_LeaseLost()
    {
        BlobName blob = await MakeAsync();
        await Store.AcquireLeaseAsync(blob, NewLease(), LeaseTime, default, Token);
        string other = NewLease();

        Assert.False((await FindAsync(blob)).LeaseIsInfinite);
        await FailsAsync(ErrorCode.LeaseLost, () => Store.WritePagesAsync(blob, 0, new byte[Page], new BlobConditions { LeaseId = other }, Token));
        await FailsAsync(ErrorCode.LeaseLost, () => Store.RenewLeaseAsync(blob, other, Token));
        await FailsAsync(ErrorCode.LeaseLost, () => Store.ReleaseLeaseAsync(blob, other, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_LeaseIdButNoLease_LeaseLost()
    {
        Need(StoreCapability.LeaseIdWithoutLease);
        BlobName blob = await MakeAsync();
        await FailsAsync(ErrorCode.LeaseLost, () => Store.WritePagesAsync(
            blob, 0, new byte[Page], new BlobConditions { LeaseId = NewLease() }, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task AcquireLease_SameId_TakenAgain()
    {
        BlobName blob = await MakeAsync();
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, LeaseTime, default, Token);
        await Store.AcquireLeaseAsync(blob, lease, null, default, Token);

        Assert.True((await FindAsync(blob)).LeaseIsInfinite);
        await Store.RenewLeaseAsync(blob, lease, Token);
        await Store.ReleaseLeaseAsync(blob, lease, Token);
        BlobProperties properties = await FindAsync(blob);
        Assert.Equal((BlobLeaseState.Available, (bool?)null), (properties.LeaseState, properties.LeaseIsInfinite));
    }

    [Fact(Timeout = 60_000)]
    public async Task Lease_Ended_OthersMayTakeIt()
    {
        BlobName blob = await MakeAsync();
        string first = NewLease();
        string second = NewLease();
        await Store.AcquireLeaseAsync(blob, first, LeaseTime, default, Token);
        await EndLeaseAsync(blob, LeaseTime);

        await Store.AcquireLeaseAsync(blob, second, LeaseTime, default, Token);

        await FailsAsync(ErrorCode.LeaseLost, () => Store.WritePagesAsync(blob, 0, new byte[Page], new BlobConditions { LeaseId = first }, Token));
        await FailsAsync(ErrorCode.LeaseLost, () => Store.RenewLeaseAsync(blob, first, Token));
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), new BlobConditions { LeaseId = second }, Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task Lease_EndedAndWrittenWithout_CannotBeRenewed()
    {
        BlobName blob = await MakeAsync();
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, LeaseTime, default, Token);
        await EndLeaseAsync(blob, LeaseTime);

        await FailsAsync(ErrorCode.LeaseLost, () => Store.WritePagesAsync(blob, 0, new byte[Page], new BlobConditions { LeaseId = lease }, Token));
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);

        await FailsAsync(ErrorCode.LeaseLost, () => Store.RenewLeaseAsync(blob, lease, Token));
        Assert.Equal(BlobLeaseState.Available, (await FindAsync(blob)).LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task RenewLease_EndedAndUntouched_HeldAgain()
    {
        Need(StoreCapability.RenewAfterEnd);
        BlobName blob = await MakeAsync();
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, LeaseTime, default, Token);
        await EndLeaseAsync(blob, LeaseTime);
        Assert.Equal(BlobLeaseState.Expired, (await FindAsync(blob)).LeaseState);

        await Store.RenewLeaseAsync(blob, lease, Token);

        Assert.Equal(BlobLeaseState.Leased, (await FindAsync(blob)).LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task BreakLease_AtOnce_BrokenAndFree()
    {
        BlobName blob = await MakeAsync();
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, null, default, Token);

        await Store.BreakLeaseAsync(blob, TimeSpan.Zero, default, Token);

        Assert.Equal(BlobLeaseState.Broken, (await FindAsync(blob)).LeaseState);
        await FailsAsync(ErrorCode.LeaseLost, () => Store.RenewLeaseAsync(blob, lease, Token));
        await FailsAsync(ErrorCode.LeaseLost, () => Store.WritePagesAsync(blob, 0, new byte[Page], new BlobConditions { LeaseId = lease }, Token));
        await Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token);
        Assert.Equal(BlobLeaseState.Leased, (await FindAsync(blob)).LeaseState);
    }

    [Fact(Timeout = 60_000)]
    public async Task BreakLease_WithPeriod_HolderWritesUntilItEnds()
    {
        BlobName blob = await MakeAsync();
        string lease = NewLease();
        await Store.AcquireLeaseAsync(blob, lease, null, default, Token);

        await Store.BreakLeaseAsync(blob, TimeSpan.FromSeconds(30), default, Token);

        Assert.Equal(BlobLeaseState.Breaking, (await FindAsync(blob)).LeaseState);
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), new BlobConditions { LeaseId = lease }, Token);
        await FailsAsync(ErrorCode.LeaseLost, () => Store.RenewLeaseAsync(blob, lease, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token));
        await FailsAsync(ErrorCode.BlobLeased, () => Store.WritePagesAsync(blob, 0, new byte[Page], default, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task BreakLease_PeriodOver_Broken()
    {
        Need(StoreCapability.ManualTime);
        BlobName blob = await MakeAsync();
        await Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token);
        await Store.BreakLeaseAsync(blob, LeaseTime, default, Token);
        await EndLeaseAsync(blob, LeaseTime);

        Assert.Equal(BlobLeaseState.Broken, (await FindAsync(blob)).LeaseState);
        await Store.DeleteAsync(blob, null, false, default, Token);
    }

    [Fact(Timeout = 60_000)]
    public async Task AcquireLease_ByMany_OneWins()
    {
        BlobName blob = await MakeAsync();
        int won = 0;
        await Parallel.ForAsync(0, 8, Token, async (_, cancellationToken) =>
        {
            try
            {
                await Store.AcquireLeaseAsync(blob, NewLease(), null, default, cancellationToken);
                Interlocked.Increment(ref won);
            }
            catch (TransferException exception) when (exception.Code == ErrorCode.BlobLeased)
            {
            }
        });

        Assert.Equal(1, won);
    }

    [Fact(Timeout = 60_000)]
    public async Task BlobLeased_HolderKnown_IsNamed()
    {
        BlobName blob = Blob();
        await Store.CreateAsync(blob, MiB, Metadata((BlobMetadata.Uploader, "jo on host7, process 12")), default, Token);
        await Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token);

        TransferException exception = await FailsAsync(
            ErrorCode.BlobLeased, () => Store.AcquireLeaseAsync(blob, NewLease(), null, default, Token));

        Assert.Contains("jo on host7, process 12", exception.Message, StringComparison.Ordinal);
        Assert.Contains(blob.ToString(), exception.Message, StringComparison.Ordinal);
    }
}
