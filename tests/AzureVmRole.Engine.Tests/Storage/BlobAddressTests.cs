using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

public sealed class BlobAddressTests
{
    private const string Signature = "sv=2023-01-03&sp=rw&sig=c2VjcmV0";

    [Theory]
    [InlineData("vhds/base.vhd", null, "vhds", "base.vhd", null)]
    [InlineData("vhds", null, "vhds", null, null)]
    [InlineData("vhds/", null, "vhds", null, null)]
    [InlineData(@"vhds\lab\base.vhd", null, "vhds", "lab/base.vhd", null)]
    [InlineData("vhds/a b?c.vhd", null, "vhds", "a b?c.vhd", null)]
    [InlineData("vhds/base.vhd?snapshot=2026-01-01T00:00:00.0000000Z", null, "vhds", "base.vhd", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("https://acc.blob.core.windows.net", "https://acc.blob.core.windows.net/", null, null, null)]
    [InlineData("https://acc.blob.core.windows.net/vhds/lab/base%20one.vhd", "https://acc.blob.core.windows.net/", "vhds", "lab/base one.vhd", null)]
    [InlineData("HTTPS://acc.blob.core.windows.net/$root/x.vhd", "https://acc.blob.core.windows.net/", "$root", "x.vhd", null)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/vhds/base.vhd", "http://127.0.0.1:10000/devstoreaccount1", "vhds", "base.vhd", null)]
    [InlineData("http://localhost:4711/devstoreaccount1/vhds", "http://127.0.0.1:4711/devstoreaccount1", "vhds", null, null)]
    [InlineData("http://azurite:10000/devstoreaccount1/vhds/x", "http://azurite:10000/devstoreaccount1", "vhds", "x", null)]
    [InlineData("https://acc.blob.core.windows.net/vhds/b.vhd?snapshot=2026-01-01T00%3A00%3A00.0000000Z", "https://acc.blob.core.windows.net/", "vhds", "b.vhd", "2026-01-01T00:00:00.0000000Z")]
    public void Parse_Valid_TakesItApart(string address, string? account, string? container, string? name, string? snapshot)
    {
        var parsed = BlobAddress.Parse(address);

        Assert.Equal(account, parsed.Account?.AbsoluteUri);
        Assert.Equal(container, parsed.Container);
        Assert.Equal(name, parsed.Name);
        Assert.Equal(snapshot, parsed.Snapshot);
        Assert.Null(parsed.Signature);
        Assert.Null(parsed.FolderPath);
    }

    [Fact]
    public void Parse_SignatureAndSnapshot_AreTakenApart()
    {
        var parsed = BlobAddress.Parse($"https://acc.blob.core.windows.net/vhds/b.vhd?sv=2023-01-03&snapshot=S&sp=rw&sig=c2VjcmV0");

        Assert.Equal(Signature, parsed.Signature);
        Assert.Equal("S", parsed.Snapshot);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  ", "it is empty")]
    [InlineData("ab/x.vhd", "it has 2 characters")]
    [InlineData("Vhds/x.vhd", "'V' is no lower-case letter")]
    [InlineData("vhds--a/x.vhd", "a hyphen stands between")]
    [InlineData("-vhds/x.vhd", "a hyphen stands between")]
    [InlineData("vhds/a//x.vhd", "a part between slashes is empty")]
    [InlineData("vhds/../x.vhd", "a part between slashes is empty, '.' or '..'")]
    [InlineData("vhds/a\u0001.vhd", "it holds a control character")]
    [InlineData("/srv/x.vhd", "it is a path of a file")]
    [InlineData(@"C:\disks\x.vhd", "it is a path of a file")]
    [InlineData("ftp://host/vhds/x.vhd", "its scheme 'ftp' is unknown")]
    [InlineData("https://", "it is no valid URI")]
    [InlineData("http://127.0.0.1:10000/", "it names no account")]
    [InlineData("http://storage:81/account/vhds/x", "its host is neither an account")]
    [InlineData("https://user:word@acc.blob.core.windows.net/vhds/x", "it holds a user name")]
    [InlineData("https://acc.blob.core.windows.net/vhds/x?comp=list", "no shared access signature")]
    [InlineData("https://acc.blob.core.windows.net/vhds/x?versionid=1", "it names a version")]
    [InlineData("https://acc.blob.core.windows.net/vhds?snapshot=1", "a snapshot of no blob")]
    [InlineData("file:///srv/store/vhds/x?sv=1&sig=1", "a folder store takes no signature")]
    public void Parse_Malformed_SaysWhy(string address, string reason)
    {
        TransferException exception = Assert.Throws<TransferException>(() => BlobAddress.Parse(address));

        Assert.Equal(ErrorCode.AddressInvalid, exception.Code);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://acc.blob.core.windows.net/V/x?" + Signature)]
    [InlineData("ftp://acc.blob.core.windows.net/vhds/x?" + Signature)]
    [InlineData("https://u:c2VjcmV0@acc.blob.core.windows.net/vhds/x?" + Signature)]
    [InlineData("vhds/a//b?" + Signature)]
    public void Parse_MalformedWithSecret_DoesNotShowIt(string address)
    {
        TransferException exception = Assert.Throws<TransferException>(() => BlobAddress.Parse(address));

        Assert.DoesNotContain("c2VjcmV0", $"{exception} {exception.Target} {exception.RecommendedAction}", StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_FileInStore_FindsTheStoreAbove()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(".azvmrole"));
        File.WriteAllText(folder.File(".azvmrole/store.db"), "");

        var parsed = BlobAddress.Parse(new Uri(folder.File("vhds/lab/base one.vhd")).AbsoluteUri);

        Assert.Equal(folder.Path, parsed.FolderPath);
        Assert.Equal("vhds", parsed.Container);
        Assert.Equal("lab/base one.vhd", parsed.Name);
    }

    [Fact]
    public void Parse_FileWithoutStore_TakesItsFolderAsContainer()
    {
        using var folder = new TemporaryFolder();

        var parsed = BlobAddress.Parse(new Uri(folder.File("store/vhds/base.vhd")).AbsoluteUri);

        Assert.Equal(folder.File("store"), parsed.FolderPath);
        Assert.Equal("vhds", parsed.Container);
        Assert.Equal("base.vhd", parsed.Name);
    }
}
