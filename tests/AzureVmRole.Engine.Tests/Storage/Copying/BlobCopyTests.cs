using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Copying;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Copying;

/// <summary>A copy is the whole disk, or it is not there.</summary>
public sealed class BlobCopyTests(AzuriteFixture azurite)
{
    private static readonly ReferenceDisk Content = DiskFolder.MakeContent();

    public static TheoryData<string> Kinds => StoreRoom.Kinds;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_SameContainer_SameDiskWithItsMetadata(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync(
            "disk.vhd", Content, ("note", "kept"), (BlobMetadata.LeaseHolder, "role"), (BlobMetadata.Uploader, "me"),
            ("MicrosoftAzureCompute_VMName", "web1"));

        VhdBlob copy = await BlobCopy.CopyAsync(Options(room), null, Token);

        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("copy.vhd"));
        Assert.Equal((room.Address("copy.vhd"), StoreRoom.HashOf(Content), UploadState.Complete), (copy.Name, copy.ContentHash, copy.UploadState));
        Assert.Equal(
            [BlobMetadata.ContentHash, BlobMetadata.State, "note"], (await room.FindAsync("copy.vhd")).Metadata.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_OtherStoreOfTheKind_SameDisk(string kind)
    {
        await using StoreRoom from = await StoreRoom.OpenAsync(kind, azurite);
        await using StoreRoom to = await StoreRoom.OpenAsync(kind, azurite);
        await from.PutAsync("disk.vhd", Content);

        var options = new BlobCopyOptions
        {
            Source = from.Address("disk.vhd"),
            Destination = to.Address("copy.vhd"),
            Connection = to.Connection,
            SourceConnection = from.Connection,
        };
        await BlobCopy.CopyAsync(options, null, Token);

        Assert.Equal(StoreRoom.BytesOf(Content), await to.ReadAsync("copy.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Copy_FolderToAzure_StoreUnsupported()
    {
        await using StoreRoom from = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        await using StoreRoom to = await StoreRoom.OpenAsync(StoreRoom.Azurite, azurite);
        await from.PutAsync("disk.vhd", Content);

        TransferException exception = await FailsAsync(ErrorCode.StoreUnsupported, new BlobCopyOptions
        {
            Source = from.Address("disk.vhd"),
            Destination = to.Address("copy.vhd"),
            Connection = to.Connection,
            SourceConnection = from.Connection,
        });

        Assert.Contains("Publish-BaseVhd", exception.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_Snapshot_ItsContent(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        BlobName name = await room.PutAsync("disk.vhd", Content);
        string snapshot = await room.Store.CreateSnapshotAsync(name, default, Token);
        await room.Store.WritePagesAsync(name, 0, new byte[512], default, Token);

        BlobCopyOptions options = Options(room);
        await BlobCopy.CopyAsync(options with { Source = $"{options.Source}?snapshot={snapshot}" }, null, Token);

        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("copy.vhd"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_TargetExists_ReplacedOnlyWhenAsked(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync("disk.vhd", Content);
        await room.PutAsync("copy.vhd", new ReferenceDisk(1 << 20));
        string etag = (await room.FindAsync("copy.vhd")).ETag;

        await FailsAsync(ErrorCode.BlobExists, Options(room));
        Assert.Equal(etag, (await room.FindAsync("copy.vhd")).ETag);
        await BlobCopy.CopyAsync(Options(room) with { Overwrite = true }, null, Token);

        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("copy.vhd"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_TargetLeased_RefusedWithHolder(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync("disk.vhd", Content);
        BlobName target = await room.PutAsync("copy.vhd", new ReferenceDisk(1 << 20), (BlobMetadata.LeaseHolder, "role web1"));
        await room.Store.AcquireLeaseAsync(target, Guid.NewGuid().ToString(), null, default, Token);
        string etag = (await room.FindAsync("copy.vhd")).ETag;

        TransferException exception = await FailsAsync(ErrorCode.BlobLeased, Options(room) with { Overwrite = true });

        Assert.Contains("role web1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(etag, (await room.FindAsync("copy.vhd")).ETag);
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_HalfUpload_UploadIncomplete(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync("disk.vhd", Content, (BlobMetadata.State, BlobMetadata.Uploading));

        await FailsAsync(ErrorCode.UploadIncomplete, Options(room));

        Assert.Null(await room.Store.FindAsync(room.Blob("copy.vhd"), null, Token));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_Cancelled_NothingLeftAtTheTarget(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync("disk.vhd", Content);
        using var cancellation = new CancellationTokenSource();

        OperationCanceledException exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => BlobCopy.CopyAsync(Options(room), new CountedProgress(1, cancellation.Cancel), cancellation.Token));

        Assert.Equal(cancellation.Token, exception.CancellationToken);
        Assert.Null(await room.Store.FindAsync(room.Blob("copy.vhd"), null, Token));
        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("disk.vhd"));
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Kinds))]
    public async Task Copy_OntoItself_Refused(string kind)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync("disk.vhd", Content);

        await FailsAsync(ErrorCode.AddressInvalid, Options(room) with { Destination = room.Address("disk.vhd"), Overwrite = true });

        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("disk.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Copy_OntoItselfThroughALink_Refused()
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(StoreRoom.Folder, azurite);
        using var folder = new TemporaryFolder();
        await room.PutAsync("disk.vhd", Content);
        Directory.CreateSymbolicLink(folder.File("link"), room.Connection.FolderPath!);

        await FailsAsync(
            ErrorCode.AddressInvalid,
            Options(room) with { Destination = $"{new Uri(folder.File("link"))}/{room.Address("disk.vhd")}", Overwrite = true });

        Assert.Equal(StoreRoom.BytesOf(Content), await room.ReadAsync("disk.vhd"));
    }

    private static BlobCopyOptions Options(StoreRoom room) => new()
    {
        Source = room.Address("disk.vhd"),
        Destination = room.Address("copy.vhd"),
        Connection = room.Connection,
    };

    private static async Task<TransferException> FailsAsync(ErrorCode code, BlobCopyOptions options)
    {
        TransferException exception = await Assert.ThrowsAsync<TransferException>(() => BlobCopy.CopyAsync(options, null, Token));
        Assert.Equal(code, exception.Code);
        return exception;
    }
}
