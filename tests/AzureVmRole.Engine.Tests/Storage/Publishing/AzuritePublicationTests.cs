using global::Azure.Storage.Blobs.Specialized;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Publishing to a blob service.</summary>
public sealed class AzuritePublicationTests(AzuriteFixture azurite) : DiskPublicationTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_BlockBlobAtTarget_RefusedAtOnce(bool overwrite)
    {
        await Store.CreateContainerAsync(Container, Token);
        var client = new BlockBlobClient(Connection.ConnectionString, Container, "disk.vhd");
        await client.UploadAsync(new MemoryStream(new byte[512]), cancellationToken: Token);

        TransferException exception = await FailsAsync<TransferException>(
            ErrorCode.BlobTypeUnsuitable, OptionsFor(Folder.MakeRaw("disk.raw", MakeContent())) with { Overwrite = overwrite });

        Assert.Contains("block blob", exception.Message, StringComparison.Ordinal);
        Assert.Equal(BlobKind.BlockBlob, (await FindAsync()).Kind);
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_BaseInStoreOfOtherKind_Refused()
    {
        await Folder.MakeAsync("base.vhd", MakeContent());
        await Folder.MakeDifferenceAsync("top.vhd", "base.vhd", MakeContent(), (512, 1024, 5));
        var local = new StoreConnection { FolderPath = Folder["store"] };
        PublishedVhd lower = await DiskPublication.PublishAsync(
            OptionsFor(Folder["base.vhd"], "base.vhd") with { Connection = local }, null, Token);

        await FailsAsync<TransferException>(
            ErrorCode.StoreUnsupported, OptionsFor(Folder["top.vhd"]) with { BaseImage = lower.Uri.AbsoluteUri });

        Assert.Null(await Store.FindAsync(Blob(), null, Token));
    }

    protected override Task<StoreConnection> ConnectAsync() => azurite.ConnectAsync();
}
