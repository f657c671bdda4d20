using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Media;
using AzureVmRole.TestKit;
using Xunit;
using static AzureVmRole.Fabric.Tests.Media.MediaRoom;

namespace AzureVmRole.Fabric.Tests.Media;

public sealed class InspectionTests : IAsyncDisposable
{
    private readonly MediaRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _room.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task InspectAsync_FixedVhd_IsFit()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd", metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [LocationMedia.ContentStateKey] = "Generalized" });

        VhdInspection? vhd = await _room.Here.InspectAsync("vhds/a.vhd", Token);

        Assert.Equal((true, 32 * Mebibyte, "Generalized"), (vhd?.IsFit, vhd?.SizeInBytes, vhd?.ContentState));
    }

    [Fact(Timeout = 60_000)]
    public async Task InspectAsync_NoBlob_IsNull()
    {
        Assert.Null(await _room.Here.InspectAsync("vhds/none.vhd", Token));
        Assert.Null(await _room.Here.InspectAsync("nocontainer/none.vhd", Token));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(VhdImageBuilder.Dynamic, "ContainerType")]
    [InlineData(VhdImageBuilder.Differencing, "ContainerParent")]
    public async Task InspectAsync_NotFixed_IsRefused(int diskType, string rule)
    {
        await MakeBlobAsync(_room.Here, "vhds/a.vhd", new VhdImageBuilder(32 << 20, diskType).Write(0, new byte[512]).ToArray());

        Assert.Equal(rule, Assert.Single((await _room.Here.InspectAsync("vhds/a.vhd", Token))!.Findings).RuleId);
    }

    [Theory(Timeout = 60_000)]
    [InlineData((32 * 1024 * 1024) + 512, "SizeWholeMebibytes")]
    [InlineData(4 * 1024 * 1024, "SizeMinimum")]
    public async Task InspectAsync_OddSize_IsRefused(long size, string rule)
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd", size);

        Assert.Equal(rule, Assert.Single((await _room.Here.InspectAsync("vhds/a.vhd", Token))!.Findings).RuleId);
    }

    [Fact(Timeout = 60_000)]
    public async Task InspectAsync_FooterDamaged_IsRefused()
    {
        byte[] bytes = new VhdImageBuilder(32 << 20, VhdImageBuilder.Fixed).ToArray();
        bytes[^100] ^= 1;
        await MakeBlobAsync(_room.Here, "vhds/a.vhd", bytes);

        DiskFinding finding = Assert.Single((await _room.Here.InspectAsync("vhds/a.vhd", Token))!.Findings);
        Assert.Equal("FooterFields", finding.RuleId);
        Assert.Contains("checksum", finding.Found, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task InspectAsync_HalfUpload_IsRefused()
    {
        await MakeVhdAsync(_room.Here, "vhds/a.vhd", metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [BlobMetadata.State] = BlobMetadata.Uploading });

        Assert.Contains((await _room.Here.InspectAsync("vhds/a.vhd", Token))!.Findings, finding => finding.RuleId == "UploadIncomplete");
    }

    [Fact(Timeout = 120_000)]
    public async Task InspectAsync_BlockBlob_IsRefused()
    {
        Assert.SkipWhen(AzuriteServer.FindProgram() is null, "Not installed: azurite-blob.");
        await using AzuriteServer server = await AzuriteServer.StartAsync(Token);
        await using IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { ConnectionString = server.ConnectionString });
        await store.CreateContainerAsync("vhds", Token);
        await PutBlockBlobAsync(server);
        var media = new LocationMedia("local1", store, TimeProvider.System);

        VhdInspection? vhd = await media.InspectAsync("vhds/a.vhd", Token);

        Assert.Equal("BlobType", Assert.Single(vhd!.Findings).RuleId);
        Assert.Equal("vhds/a.vhd", media.TryResolve("blobUri", media.UriOf("vhds/a.vhd").AbsoluteUri));
    }

    private static async Task PutBlockBlobAsync(AzuriteServer server)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{server.Endpoint.AbsoluteUri}/vhds/a.vhd?{AccountSignature.Create("rwcl")}"))
        {
            Content = new ByteArrayContent(new byte[1024]),
        };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        request.Headers.Add("x-ms-version", "2021-08-06");
        using HttpResponseMessage answer = await client.SendAsync(request, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
