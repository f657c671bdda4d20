using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Removal;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Removal;

/// <summary>A blob goes only when it is the one that was looked at, nobody holds it, and nothing goes with it that was not named.</summary>
public sealed class BlobRemovalTests(AzuriteFixture azurite)
{
    private static readonly ReferenceDisk Content = new ReferenceDisk(1 << 20).Fill(0, 65536, 1);

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_Blob_GoneAndDescribed(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content);
        await room.PutAsync("disk.vhd2", Content);

        VhdBlob removed = await BlobRemoval.RemoveAsync(Options(room), Token);

        Assert.Equal((room.Address("disk.vhd"), StoreRoom.HashOf(Content)), (removed.Name, removed.ContentHash));
        Assert.Null(await room.Store.FindAsync(name, null, Token));
        await room.FindAsync("disk.vhd2");
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_OtherETag_BlobChangedAndStillThere(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content);
        string etag = (await room.FindAsync("disk.vhd")).ETag;
        await room.Store.WritePagesAsync(name, 0, new byte[512], default, Token);

        await FailsAsync(ErrorCode.BlobChanged, Options(room) with { ETag = etag });
        await BlobRemoval.RemoveAsync(Options(room) with { ETag = (await room.FindAsync("disk.vhd")).ETag }, Token);

        Assert.Null(await room.Store.FindAsync(name, null, Token));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_Leased_RefusedWithHolderUntilTheLeaseMayBeBroken(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content, (BlobMetadata.LeaseHolder, "role web1"));
        await room.Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), null, default, Token);

        TransferException exception = await FailsAsync(ErrorCode.BlobLeased, Options(room));
        await BlobRemoval.RemoveAsync(Options(room) with { BreakLease = true }, Token);

        Assert.Contains("role web1", exception.Message, StringComparison.Ordinal);
        Assert.Null(await room.Store.FindAsync(name, null, Token));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_WithSnapshots_OnlyWhenAskedAndLeaseIsKeptUntilThen(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content);
        string snapshot = await room.Store.CreateSnapshotAsync(name, default, Token);
        await room.Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), null, default, Token);

        await FailsAsync(ErrorCode.BlobHasSnapshots, Options(room) with { BreakLease = true });
        Assert.Equal(BlobLeaseState.Leased, (await room.FindAsync("disk.vhd")).LeaseState);
        await BlobRemoval.RemoveAsync(Options(room) with { BreakLease = true, WithSnapshots = true }, Token);

        Assert.Null(await room.Store.FindAsync(name, null, Token));
        Assert.Null(await room.Store.FindAsync(name, snapshot, Token));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_Snapshot_OnlyThat(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content);
        string snapshot = await room.Store.CreateSnapshotAsync(name, default, Token);
        await room.Store.AcquireLeaseAsync(name, Guid.NewGuid().ToString(), null, default, Token);

        await BlobRemoval.RemoveAsync(Options(room) with { Address = $"{room.Address("disk.vhd")}?snapshot={snapshot}" }, Token);

        Assert.Null(await room.Store.FindAsync(name, snapshot, Token));
        await room.FindAsync("disk.vhd");
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Remove_NoSuchBlob_BlobNotFound(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);

        await FailsAsync(ErrorCode.BlobNotFound, Options(room));
    }

    private static BlobRemovalOptions Options(StoreRoom room) => new()
    {
        Address = room.Address("disk.vhd"),
        Connection = room.Connection,
    };

    private static async Task<TransferException> FailsAsync(ErrorCode code, BlobRemovalOptions options)
    {
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => BlobRemoval.RemoveAsync(options, Token));
        Assert.Equal(code, exception.Code);
        return exception;
    }
}
