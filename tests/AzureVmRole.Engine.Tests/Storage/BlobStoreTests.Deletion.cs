using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public abstract partial class BlobStoreTests
{
    [Fact(Timeout = 60_000)]
    public async Task Delete_Blob_NameIsFree()
    {
        BlobName blob = await MakeAsync("folder/disk.vhd");
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);

        await Store.DeleteAsync(blob, null, false, default, Token);

        Assert.Null(await Store.FindAsync(blob, null, Token));
        await Store.CreateAsync(blob, MiB, NoMetadata, new BlobConditions { MustNotExist = true }, Token);
        Assert.Equal(new byte[Page], await ReadAsync(blob, 0, Page));
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_BlobWithSnapshots_RefusedUnlessTheyGoToo()
    {
        BlobName blob = await MakeAsync();
        string snapshot = await Store.CreateSnapshotAsync(blob, default, Token);

        await FailsAsync(ErrorCode.BlobHasSnapshots, () => Store.DeleteAsync(blob, null, false, default, Token));
        Assert.NotNull(await Store.FindAsync(blob, null, Token));
        await Store.DeleteAsync(blob, null, true, default, Token);

        Assert.Null(await Store.FindAsync(blob, null, Token));
        Assert.Null(await Store.FindAsync(blob, snapshot, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_OneSnapshot_BlobAndOthersStay()
    {
        BlobName blob = await MakeAsync();
        string first = await Store.CreateSnapshotAsync(blob, default, Token);
        await Store.WritePagesAsync(blob, 0, RandomBytes(Page), default, Token);
        string second = await Store.CreateSnapshotAsync(blob, default, Token);

        await Store.DeleteAsync(blob, first, false, default, Token);

        Assert.Null(await Store.FindAsync(blob, first, Token));
        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page, second));
        Assert.Equal(RandomBytes(Page), await ReadAsync(blob, 0, Page));
        await FailsAsync(ErrorCode.BlobNotFound, () => Store.DeleteAsync(blob, first, false, default, Token));
    }
}
