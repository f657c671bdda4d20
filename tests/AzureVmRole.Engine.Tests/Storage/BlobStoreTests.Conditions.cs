using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    private const string OtherETag = "\"0x8D00000000000AB\"";

    [Fact(Timeout = 60_000)]
    public async Task Create_MustNotExist_BlobExists()
    {
        BlobName blob = await MakeAsync();
        string etag = (await FindAsync(blob)).ETag;

        await FailsAsync(ErrorCode.BlobExists, () => Store.CreateAsync(
            blob, 2 * MiB, NoMetadata, new BlobConditions { MustNotExist = true }, Token));

        Assert.Equal(etag, (await FindAsync(blob)).ETag);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_MustNotExistByMany_OneWins()
    {
        BlobName blob = Blob();
        int won = 0;
        await Parallel.ForAsync(0, 8, Token, async (_, cancellationToken) =>
        {
            try
            {
                await Store.CreateAsync(blob, MiB, NoMetadata, new BlobConditions { MustNotExist = true }, cancellationToken);
                Interlocked.Increment(ref won);
            }
            catch (TransferException exception) when (exception.Code == ErrorCode.BlobExists)
            {
            }
        });

        Assert.Equal(1, won);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_IfMatch_OnlyOverThatOne()
    {
        BlobName blob = await MakeAsync();
        string etag = (await FindAsync(blob)).ETag;

        await FailsAsync(ErrorCode.BlobChanged, () => Store.CreateAsync(
            blob, 2 * MiB, NoMetadata, new BlobConditions { IfMatch = OtherETag }, Token));
        string replaced = await Store.CreateAsync(blob, 2 * MiB, NoMetadata, new BlobConditions { IfMatch = etag }, Token);

        Assert.Equal(replaced, (await FindAsync(blob)).ETag);
    }

    [Fact(Timeout = 60_000)]
    public async Task IfMatch_OldETag_BlobChangedAndNothingDone()
    {
        BlobName blob = await MakeAsync();
        var old = new BlobConditions { IfMatch = (await FindAsync(blob)).ETag };
        string etag = await Store.SetMetadataAsync(blob, Metadata(("a", "1")), default, Token);

        await FailsAsync(ErrorCode.BlobChanged, () => Store.SetMetadataAsync(blob, NoMetadata, old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.SetContentMd5Async(blob, new byte[16], old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.DeleteAsync(blob, null, false, old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.ReadAsync(blob, null, 0, new byte[Page], old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.AcquireLeaseAsync(blob, NewLease(), null, old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.CreateSnapshotAsync(blob, old, Token));

        BlobProperties properties = await FindAsync(blob);
        Assert.Equal((etag, "1", BlobLeaseState.Available), (properties.ETag, properties.Metadata["a"], properties.LeaseState));
    }

    [Fact(Timeout = 60_000)]
    public async Task WritePages_OldETag_BlobChangedAndNothingWritten()
    {
        Need(StoreCapability.PageConditions);
        BlobName blob = await MakeAsync();
        var old = new BlobConditions { IfMatch = (await FindAsync(blob)).ETag };
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), old, Token);

        await FailsAsync(ErrorCode.BlobChanged, () => Store.WritePagesAsync(blob, 0, RandomBytes(Page, 2), old, Token));
        await FailsAsync(ErrorCode.BlobChanged, () => Store.ClearPagesAsync(blob, 0, Page, old, Token));

        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page));
    }

    [Fact(Timeout = 60_000)]
    public async Task IfMatch_OneOfManyWriters_OneWins()
    {
        BlobName blob = await MakeAsync();
        var conditions = new BlobConditions { IfMatch = (await FindAsync(blob)).ETag };
        int won = 0;
        await Parallel.ForAsync(0, 8, Token, async (index, cancellationToken) =>
        {
            try
            {
                await Store.SetMetadataAsync(blob, Metadata(("winner", $"{index}")), conditions, cancellationToken);
                Interlocked.Increment(ref won);
            }
            catch (TransferException exception) when (exception.Code == ErrorCode.BlobChanged)
            {
            }
        });

        Assert.Equal(1, won);
    }
}
