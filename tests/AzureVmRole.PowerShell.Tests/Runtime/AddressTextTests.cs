using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Runtime;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("vhds/base.vhd", "vhds/base.vhd")]
    [InlineData("vhds/what?.vhd", "vhds/what?.vhd")]
    [InlineData("https://a.blob.core.windows.net/vhds/b.vhd?sv=1&sig=secret", "https://a.blob.core.windows.net/vhds/b.vhd")]
    [InlineData("https://a.blob.core.windows.net/vhds?sig=secret", "https://a.blob.core.windows.net/vhds")]
    [InlineData(
        "https://a.blob.core.windows.net/v/b.vhd?sig=secret&snapshot=2026-11-22T00:00:00.0000000Z&sv=1",
        "https://a.blob.core.windows.net/v/b.vhd?snapshot=2026-11-22T00:00:00.0000000Z")]
    [InlineData("https://user:secret@a.example/v/b.vhd", "https://a.example/v/b.vhd")]
    [InlineData("https://a.example/v/b@c.vhd", "https://a.example/v/b@c.vhd")]
    [InlineData("htp://a.example?sig=secret", "htp://a.example")]
    [InlineData("https:/a.example/v/b.vhd?sig=secret", "https:/a.example/v/b.vhd")]
    [InlineData("a.blob.core.windows.net/v/b.vhd?sv=1&sig=secret", "a.blob.core.windows.net/v/b.vhd")]
    [InlineData("vhds/b.vhd?snapshot=2026-11-22T00:00:00.0000000Z", "vhds/b.vhd?snapshot=2026-11-22T00:00:00.0000000Z")]
    [InlineData("file:///srv@home/store/vhds/b.vhd", "file:///srv@home/store/vhds/b.vhd")]
    public void Show_Address_LeavesOutWhatAuthorises(string address, string shown) => Assert.Equal(shown, AddressText.Show(address));

    [Theory]
    [InlineData("vhds/base.vhd", "vhds/base.vhd")]
    [InlineData("vhds", "vhds/new disk.vhd")]
    [InlineData("vhds/", "vhds/new disk.vhd")]
    [InlineData("vhds/2026/", "vhds/2026/new disk.vhd")]
    [InlineData("https://a.blob.core.windows.net/vhds", "https://a.blob.core.windows.net/vhds/new%20disk.vhd")]
    [InlineData("https://a.blob.core.windows.net/vhds?sig=x", "https://a.blob.core.windows.net/vhds/new%20disk.vhd?sig=x")]
    [InlineData("https://a.blob.core.windows.net/vhds/?sig=x", "https://a.blob.core.windows.net/vhds/new%20disk.vhd?sig=x")]
    [InlineData("https://a.blob.core.windows.net/vhds/b.vhd?sig=x", "https://a.blob.core.windows.net/vhds/b.vhd?sig=x")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/vhds", "http://127.0.0.1:10000/devstoreaccount1/vhds/new%20disk.vhd")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/vhds/b.vhd", "http://127.0.0.1:10000/devstoreaccount1/vhds/b.vhd")]
    [InlineData("http://localhost:10000/devstoreaccount1/vhds", "http://localhost:10000/devstoreaccount1/vhds/new%20disk.vhd")]
    [InlineData("https://a.blob.core.windows.net/", "https://a.blob.core.windows.net/")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/", "http://127.0.0.1:10000/devstoreaccount1/")]
    [InlineData("file:///srv/store/vhds/b.vhd", "file:///srv/store/vhds/b.vhd")]
    [InlineData("file:///srv/store/vhds/", "file:///srv/store/vhds/new%20disk.vhd")]
    public void InContainer_Address_GetsTheNameWhereItHasNone(string address, string expected) =>
        Assert.Equal(expected, AddressText.InContainer(address, "new disk.vhd"));

    [Theory]
    [InlineData("vhds/base.vhd", "base.vhd")]
    [InlineData("vhds/a/b?.vhd", "b?.vhd")]
    [InlineData("vhds/base.vhd?snapshot=2026-11-22T00:00:00.0000000Z", "base.vhd")]
    [InlineData("https://a.blob.core.windows.net/vhds/a/new%20disk.vhd?sig=x/y", "new disk.vhd")]
    [InlineData("file:///srv/store/vhds/b%23.vhd", "b#.vhd")]
    public void FileNameOf_Address_IsItsLastPart(string address, string expected) => Assert.Equal(expected, AddressText.FileNameOf(address));
}
