using AzureVmRole.Engine.Cleanup;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

public sealed class ReferenceFileReferrerTests : IDisposable
{
    private static readonly Uri Address = new("https://account.blob.core.windows.net/vhds/a%20b/base.vhd");

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("references.txt");

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 30_000)]
    [InlineData("vhds/a b/base.vhd")]
    [InlineData("  vhds/a b/base.vhd  ")]
    [InlineData("vhds/a%20b/base.vhd")]
    [InlineData("VHDS/a b/Base.vhd")]
    [InlineData("https://account.blob.core.windows.net/vhds/a%20b/base.vhd")]
    [InlineData("https://account-secondary.blob.core.windows.net/vhds/a%20b/base.vhd")]
    [InlineData("https://disks.example.org/vhds/a%20b/base.vhd?sv=2024&sig=SECRET")]
    [InlineData("https://account.blob.core.windows.net/vhds/a%20b/base.vhd?snapshot=2026-01-01T00:00:00.0000000Z")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/vhds/a%20b/base.vhd")]
    [InlineData("file:///srv/store/vhds/a%20b/base.vhd")]
    [InlineData("/srv/store/vhds/a b//base.vhd")]
    [InlineData("\uFEFFvhds/a b/base.vhd\r\n")]
    [InlineData("vhds/a b/base.vhd # golden")]
    [InlineData("https://account.blob.core.windows.net/vhds/a%20b/base.vhd # golden")]
    [InlineData("store/vhds/a b/base.vhd")]
    [InlineData("[\"vhds/a b/base.vhd\"]")]
    [InlineData("[\" vhds/a b/base.vhd \"]")]
    [InlineData("\n [ // used by web01\n \"vhds/other.vhd\", \"https://account.blob.core.windows.net/vhds/a%20b/base.vhd\"\n]")]
    public async Task Find_NamedInAnyForm_Found(string content)
    {
        BlobReference? reference = await FindAsync(content);

        Assert.NotNull(reference);
        Assert.Equal(RetentionCode.Referenced, reference.Code);
        Assert.DoesNotContain("SECRET", reference.Text + reference.Holder, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("# vhds/a b/base.vhd")]
    [InlineData("vhds/a b/base.vhd2")]
    [InlineData("other/a b/base.vhd")]
    [InlineData("https://account.blob.core.windows.net/vhds/a%20b/other.vhd")]
    [InlineData("[]")]
    public async Task Find_OtherNames_Nothing(string content) => Assert.Null(await FindAsync(content));

    [Fact(Timeout = 30_000)]
    public async Task Find_ThirdLine_SaysSo() =>
        Assert.Contains("Line 3", (await FindAsync("# in use\nvhds/x.vhd\nvhds/a b/base.vhd\n"))!.Text, StringComparison.Ordinal);

    [Theory(Timeout = 30_000)]
    [InlineData("vhds/x.vhd\nbase.vhd", 2)]
    [InlineData("vhds/*.vhd", 1)]
    [InlineData("https://account.blob.core.windows.net/vhds/*.vhd", 1)]
    [InlineData("https://account.blob.core.windows.net/?sig=SECRET", 1)]
    [InlineData("ftp://host/vhds/a.vhd?sig=SECRET", 1)]
    [InlineData("vhds/x.vhd,vhds/y.vhd", 1)]
    [InlineData("vhds/", 1)]
    [InlineData("vhds/x.vhd/", 1)]
    [InlineData("./vhds/x.vhd", 1)]
    [InlineData("file:/srv/store/vhds/x.vhd", 1)]
    [InlineData("account.blob.core.windows.net/vhds/x.vhd", 1)]
    [InlineData("https:/account.blob.core.windows.net/vhds/x.vhd", 1)]
    [InlineData("https://account.blob.core.windows.net/vhds/x.vhd,", 1)]
    [InlineData("https://a.example/vhds/x.vhd,https://a.example/vhds/y.vhd", 1)]
    [InlineData("https://a.example/vhds/what?.vhd", 1)]
    [InlineData("vhds\\x.vhd", 1)]
    [InlineData("[\n \"vhds/x.vhd\",\n 7 ]", 3)]
    [InlineData("[\n \"vhds/x.vhd\",\n [\"vhds/y.vhd\"] ]", 3)]
    [InlineData("[\n \"vhds/x.vhd\"", 2)]
    [InlineData("[ \"vhds/x.vhd\" ]\nvhds/y.vhd", 2)]
    public async Task Refresh_Malformed_NamesTheLineAndNoSecret(string content, int line)
    {
        CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(() => FindAsync(content));

        Assert.Equal(ErrorCode.ReferenceFileInvalid, exception.Code);
        Assert.Equal(FilePath, exception.Target);
        Assert.Contains($"Line {line} ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData("vhds/50% off.vhd", "file:///srv/store/vhds/50%2525%20off.vhd")]
    [InlineData("vhds/CON.vhd", "file:///srv/store/vhds/%2543ON.vhd")]
    [InlineData("vhds/dir/c:1.vhd", "/srv/store/vhds/dir/c%3A1.vhd")]
    [InlineData("vhds/base#1.vhd", "https://account.blob.core.windows.net/vhds/base#1.vhd?sig=SECRET")]
    [InlineData("$root/base.vhd", "http://127.0.0.1:10000/devstoreaccount1/base.vhd")]
    [InlineData("vhds/b.vhd", "vhds/a.vhd vhds/b.vhd")]
    public async Task Find_WrittenInAnotherWay_Found(string name, string content) => Assert.NotNull(await FindAsync(content, name));

    [Theory(Timeout = 30_000)]
    [InlineData("")]
    [InlineData("\uFEFF \r\n")]
    public async Task Refresh_Empty_Refused(string content)
    {
        CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(() => FindAsync(content));

        Assert.Equal(ErrorCode.ReferenceFileInvalid, exception.Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task Refresh_NoText_Refused()
    {
        await File.WriteAllBytesAsync(FilePath, [0x76, 0xFF, 0xFE, 0x2F], TestContext.Current.CancellationToken);

        CatalogueException exception = await Assert.ThrowsAsync<CatalogueException>(
            () => new ReferenceFileReferrer(FilePath).RefreshAsync(TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.ReferenceFileInvalid, exception.Code);
    }

    [Fact(Timeout = 30_000)]
    public async Task Refresh_FileGone_FailsAndAnswersNothingMore()
    {
        await File.WriteAllTextAsync(FilePath, "vhds/x.vhd", TestContext.Current.CancellationToken);
        var referrer = new ReferenceFileReferrer(FilePath);
        await referrer.RefreshAsync(TestContext.Current.CancellationToken);
        File.Delete(FilePath);

        await Assert.ThrowsAsync<CatalogueException>(() => referrer.RefreshAsync(TestContext.Current.CancellationToken));

        Assert.Throws<CatalogueException>(() => referrer.Find(Blobs.Old(), Address));
    }

    [Fact(Timeout = 30_000)]
    public async Task Refresh_LineAdded_Heard()
    {
        await File.WriteAllTextAsync(FilePath, "vhds/x.vhd\n", TestContext.Current.CancellationToken);
        var referrer = new ReferenceFileReferrer(FilePath);
        await referrer.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Null(referrer.Find(Blobs.Old(), Address));
        await File.AppendAllTextAsync(FilePath, "vhds/old.vhd\n", TestContext.Current.CancellationToken);

        await referrer.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(referrer.Find(Blobs.Old(), Address));
    }

    private async Task<BlobReference?> FindAsync(string content, string name = "vhds/a b/base.vhd")
    {
        await File.WriteAllTextAsync(FilePath, content, TestContext.Current.CancellationToken);
        var referrer = new ReferenceFileReferrer(FilePath);
        await referrer.RefreshAsync(TestContext.Current.CancellationToken);
        return referrer.Find(Blobs.Old(name), Address);
    }
}
