using System.Management.Automation;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.Automation;

public sealed class PathIntrinsicsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PathIntrinsics _path;

    public PathIntrinsicsTests()
    {
        _path = new SessionState(_folder.Path).Path;
        foreach (string name in new[] { "a1.vhd", "A2.VHD", "b.vhd", "[x].vhd", ".hidden.vhd" })
        {
            File.WriteAllText(_folder.File(name), "");
        }

        Directory.CreateDirectory(_folder.File("sub"));
        File.WriteAllText(_folder.File("sub/c.vhd"), "");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a*.vhd", "a1.vhd,A2.VHD")]
    [InlineData("?.vhd", "b.vhd")]
    [InlineData("[ab]*.vhd", "a1.vhd,A2.VHD,b.vhd")]
    [InlineData("`[x`].vhd", "[x].vhd")]
    [InlineData("[x].vhd", "")]
    [InlineData("s*", "sub")]
    [InlineData("*/*.vhd", "sub/c.vhd")]
    [InlineData("./sub/../b.vhd", "b.vhd")]
    [InlineData("sub\\c.vhd", "sub/c.vhd")]
    [InlineData("none*", "")]
    public void GetResolved_Path_NamesWhatExists(string path, string expected)
    {
        IEnumerable<string> found = _path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);

        Assert.Equal(expected, string.Join(',', found.Select(item => Path.GetRelativePath(_folder.Path, item).Replace('\\', '/'))));
        Assert.Equal("FileSystem", provider.Name);
    }

    [Fact]
    public void GetResolved_MissingFile_Throws() =>
        Assert.Equal(
            "PathNotFound",
            Assert.Throws<ItemNotFoundException>(() => _path.GetResolvedProviderPathFromPSPath("nope.vhd", out _))
                .ErrorRecord.FullyQualifiedErrorId);

    [Fact]
    public void GetUnresolved_Relative_IsBelowTheLocation()
    {
        Assert.Equal(_folder.File("x[1].vhd"), _path.GetUnresolvedProviderPathFromPSPath("./x[1].vhd"));
        Assert.Equal(_folder.Path, _path.GetUnresolvedProviderPathFromPSPath(@"Microsoft.PowerShell.Core\FileSystem::" + _folder.Path));
    }

    [Fact]
    public void GetUnresolved_Home_IsTheUsersFolder() =>
        Assert.Equal(
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "x"),
            _path.GetUnresolvedProviderPathFromPSPath("~/x"));

    [Fact]
    public void GetUnresolved_OtherDrive_NamesItsProvider()
    {
        Assert.Equal("PATH", _path.GetUnresolvedProviderPathFromPSPath("Env:PATH", out ProviderInfo provider, out PSDriveInfo? drive));
        Assert.Equal("Environment", provider.Name);
        Assert.Equal("Env", drive?.Name);
    }

    [Fact]
    public void GetUnresolved_UnknownDriveOrProvider_Throws()
    {
        Assert.Throws<System.Management.Automation.DriveNotFoundException>(() => _path.GetUnresolvedProviderPathFromPSPath("nope:x"));
        Assert.Throws<ProviderNotFoundException>(() => _path.GetUnresolvedProviderPathFromPSPath("Nope::x"));
    }
}
