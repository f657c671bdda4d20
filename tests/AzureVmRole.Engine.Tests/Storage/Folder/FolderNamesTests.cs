using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

public sealed class FolderNamesTests
{
    [Theory]
    [InlineData("disk.vhd", "disk.vhd")]
    [InlineData("a/b c/é😀.vhd", "a/b c/é😀.vhd")]
    [InlineData(".", "%2E")]
    [InlineData("..", ".%2E")]
    [InlineData("../../etc/passwd", ".%2E/.%2E/etc/passwd")]
    [InlineData("/etc", "%_/etc")]
    [InlineData("a//b/", "a/%_/b/%_")]
    [InlineData("a\\..\\b", "a%5C..%5Cb")]
    [InlineData("dot./space ", "dot%2E/space%20")]
    [InlineData("100%", "100%25")]
    [InlineData("%2E%2E/x", "%252E%252E/x")]
    [InlineData("con/NUL.vhd/com1.txt/conx/lpt", "%63on/%4EUL.vhd/%63om1.txt/conx/lpt")]
    [InlineData("a:b|c?d*e\"f<g>h\u0001", "a%3Ab%7Cc%3Fd%2Ae%22f%3Cg%3Eh%01")]
    [InlineData("~", "~")]
    public void Encode_AnyName_FitsEveryFileSystemAndComesBack(string name, string expected)
    {
        var blob = new BlobName("vhds", name);

        string path = FolderNames.Encode(blob);

        Assert.Equal("vhds/" + expected, path.Replace(Path.DirectorySeparatorChar, '/'));
        Assert.Equal(blob, FolderNames.Decode(path));
        Assert.StartsWith("/store/vhds/", Path.GetFullPath(Path.Combine("/store", path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("ab")]
    [InlineData(".azvmrole")]
    [InlineData("Vhds")]
    [InlineData("a--b")]
    [InlineData("-ab")]
    [InlineData("ab-")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void CheckContainer_NotAzures_AddressInvalid(string container)
    {
        TransferException exception = Assert.Throws<TransferException>(() => FolderNames.Encode(new BlobName(container, "disk.vhd")));
        Assert.Equal((ErrorCode.AddressInvalid, container), (exception.Code, exception.Target));
    }

    [Fact]
    public void Encode_CannotBeStored_AddressInvalid()
    {
        foreach (string name in new[] { "", new string('a', 1025), new string('a', 256), new string('%', 100), "half\uD83D" })
        {
            TransferException exception = Assert.Throws<TransferException>(() => FolderNames.Encode(new BlobName("vhds", name)));
            Assert.Equal(ErrorCode.AddressInvalid, exception.Code);
        }
    }

    [Theory]
    [InlineData("vhds")]
    [InlineData("vhds//x")]
    [InlineData("vhds/..")]
    [InlineData("vhds/%41")]
    [InlineData("vhds/CON")]
    [InlineData("VHDS/x")]
    [InlineData(".azvmrole/store.db")]
    public void Decode_NotOurs_Null(string path) =>
        Assert.Null(FolderNames.Decode(path.Replace('/', Path.DirectorySeparatorChar)));
}
