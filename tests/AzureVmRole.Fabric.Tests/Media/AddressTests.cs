using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Media;
using Xunit;
using static AzureVmRole.Fabric.Tests.Media.MediaRoom;

namespace AzureVmRole.Fabric.Tests.Media;

public sealed class AddressTests : IAsyncDisposable
{
    private readonly MediaRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MediaStores Stores => new(
        new Dictionary<string, IBlobStore>(StringComparer.Ordinal) { ["local1"] = _room.Here.Store, ["local2"] = _room.There.Store }, TimeProvider.System);

    public async ValueTask DisposeAsync() => await _room.DisposeAsync();

    [Theory]
    [InlineData("vhds/base.vhd")]
    [InlineData("vhds/a/b c.vhd")]
    [InlineData("vhds/ü%20.vhd")]
    [InlineData("vhds/a:b.vhd")]
    [InlineData("vhds/CON.vhd")]
    [InlineData("vhds/a..b/c.vhd")]
    public void Resolve_OwnUriAndName_IsTheBlob(string blob)
    {
        Assert.Equal(("local1", blob), Resolve(blob));
        Assert.Equal(("local1", blob), Resolve(_room.Here.UriOf(blob).AbsoluteUri));
        Assert.Equal(("local2", blob), Resolve(_room.There.UriOf(blob).AbsoluteUri));
    }

    [Theory]
    [InlineData("")]
    [InlineData("base.vhd")]
    [InlineData("/etc/passwd")]
    [InlineData("../vhds/base.vhd")]
    [InlineData("vhds/../base.vhd")]
    [InlineData("vhds/./base.vhd")]
    [InlineData("vhds//base.vhd")]
    [InlineData("vhds/..")]
    [InlineData("vhds\\base.vhd")]
    [InlineData("vhds/a\nb.vhd")]
    [InlineData("VHDs/base.vhd")]
    [InlineData(".azvmrole/store.db")]
    [InlineData("file:///etc/passwd")]
    [InlineData("file://server/share/vhds/base.vhd")]
    [InlineData("file:vhds/base.vhd")]
    [InlineData("https://account.blob.core.windows.net/vhds/base.vhd")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/vhds/base.vhd")]
    [InlineData("C:\\vhds\\base.vhd")]
    [InlineData("javascript:alert(1)")]
    public void Resolve_AnythingElse_IsRefused(string address)
    {
        FabricException refusal = Assert.Throws<FabricException>(() => Resolve(address));

        Assert.Equal(("InvalidParameter", "blobUri"), (refusal.AzureCode, refusal.Target as string));
    }

    [Theory]
    [InlineData("/../../../etc/passwd")]
    [InlineData("/vhds/../../local2/vhds/base.vhd")]
    [InlineData("/vhds/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/vhds/%252e%252e/secret.vhd")]
    [InlineData("/vhds/..%2f..%2fetc%2fpasswd")]
    [InlineData("/.azvmrole/store.db")]
    [InlineData("/vhds")]
    [InlineData("x/vhds/base.vhd")]
    [InlineData("/vhds/base.vhd?snapshot=x")]
    [InlineData("/vhds/base.vhd#x")]
    [InlineData("/vhds/a%00b.vhd")]
    public void Resolve_UriThatLeadsOut_IsRefused(string suffix) =>
        Assert.Equal("InvalidParameter", Assert.Throws<FabricException>(() => Resolve(_room.Here.Store.Root.AbsoluteUri + suffix)).AzureCode);

    [Fact(Timeout = 60_000)]
    public async Task InspectAsync_FileIsALink_IsRefusedAndUntouched()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        await MakeVhdAsync(_room.Here, "vhds/a.vhd");
        string outside = Path.Combine(_room.Folder, "outside.vhd");
        File.Move(_room.Here.PathOf("vhds/a.vhd"), outside);
        File.CreateSymbolicLink(_room.Here.PathOf("vhds/a.vhd"), outside);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => _room.Here.InspectAsync("vhds/a.vhd", Token));
        await Assert.ThrowsAsync<FabricException>(() => _room.Here.CopyAsync(_room.Here, "vhds/a.vhd", "vhds/b.vhd", new DiskIdentity(Guid.NewGuid()), Token));

        Assert.Contains("link", refusal.Message, StringComparison.Ordinal);
        Assert.Null(await FindAsync(_room.Here, "vhds/b.vhd"));
    }

    [Fact(Timeout = 60_000)]
    public async Task CreateEmptyAsync_ContainerIsALink_IsRefusedAndWritesNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string outside = Path.Combine(_room.Folder, "outside");
        Directory.CreateDirectory(outside);
        await _room.Here.Store.CreateContainerAsync("vhds", Token);
        Directory.Delete(Path.Combine(_room.Folder, "local1", "vhds"));
        Directory.CreateSymbolicLink(Path.Combine(_room.Folder, "local1", "vhds"), outside);

        await Assert.ThrowsAsync<FabricException>(() => _room.Here.CreateEmptyAsync("vhds/a.vhd", 32 * Mebibyte, new DiskIdentity(Guid.NewGuid()), Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public void Resolve_NameThatNoFileCanHave_IsRefused()
    {
        Assert.Equal("InvalidParameter", Assert.Throws<FabricException>(() => Resolve("vhds/" + new string('a', 300))).AzureCode);
        Assert.Equal("InvalidParameter", Assert.Throws<FabricException>(() => Resolve("vhds/\uD800.vhd")).AzureCode);
    }

    private (string Location, string Blob) Resolve(string address)
    {
        (LocationMedia media, string blob) = Stores.Resolve("blobUri", address, "local1");
        return (media.Location, blob);
    }
}
