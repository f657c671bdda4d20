using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Shell.Tests.BuiltIn;

public sealed class ItemCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NewItem_Directory_IsMadeOnceAndKeptWithForce()
    {
        ShellRun run = Run("New-Item -ItemType Directory -Path a/b -Force | Out-Null; New-Item a/b -ItemType Directory -Force | Out-Null");

        Assert.Equal(0, run.ExitCode);
        Assert.True(Directory.Exists(_folder.File("a/b")));
        Assert.Contains("already exists", Run("New-Item a/b -ItemType Directory").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void RemoveItem_Wildcard_RemovesMatchesAndForgivesNone()
    {
        File.WriteAllText(_folder.File("a.vhd"), "");
        File.WriteAllText(_folder.File("a.txt"), "");

        Assert.Equal(0, Run("Remove-Item ./*.vhd; Remove-Item ./*.vhd").ExitCode);

        Assert.Equal(["a.txt"], Run("Get-ChildItem -Name").Lines);
    }

    [Fact]
    public void RemoveItem_Missing_IsAnErrorUnlessSilenced()
    {
        Assert.Contains("because it does not exist.", Run("Remove-Item a.vhd").Error, StringComparison.Ordinal);
        Assert.Equal(0, Run("Remove-Item a.vhd -ErrorAction SilentlyContinue").ExitCode);
    }

    [Fact]
    public void RemoveItem_FolderWithContent_NeedsRecurse()
    {
        Directory.CreateDirectory(_folder.File("a/b"));

        Assert.Contains("nobody to ask", Run("Remove-Item a").Error, StringComparison.Ordinal);
        Assert.Equal(0, Run("Remove-Item a -Recurse").ExitCode);
        Assert.False(Directory.Exists(_folder.File("a")));
    }

    [Fact]
    public void RemoveItem_WhatIf_RemovesNothing()
    {
        File.WriteAllText(_folder.File("a.vhd"), "");

        Assert.StartsWith("What if: Performing the operation \"Remove File\"", Run("Remove-Item a.vhd -WhatIf").Output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("a.vhd")));
    }

    [Fact]
    public void SetLocation_Folder_IsWhereRelativePathsStart()
    {
        Directory.CreateDirectory(_folder.File("sub"));
        File.WriteAllText(_folder.File("sub/x.vhd"), "");

        Assert.Equal(["True", "False"], Run("cd sub; Test-Path x.vhd; cd ..; Test-Path x.vhd").Lines);
        Assert.Contains("Cannot find path", Run("Set-Location nowhere").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Test-Path .", "True")]
    [InlineData("Test-Path . -PathType Leaf", "False")]
    [InlineData("Test-Path nowhere/*", "False")]
    public void TestPath_Tells(string line, string expected) => Assert.Equal([expected], Run(line).Lines);

    [Fact]
    public void GetChildItem_FoldersComeFirst()
    {
        Directory.CreateDirectory(_folder.File("z"));
        File.WriteAllText(_folder.File("b"), "");
        File.WriteAllText(_folder.File("A"), "");

        Assert.Equal(["z", "A", "b"], Run("Get-ChildItem -Name").Lines);
        Assert.Equal(["A", "b"], Run("Get-ChildItem -File | Select-Object -ExpandProperty Name").Lines);
    }

    private ShellRun Run(string line) => ShellRun.Of(line, location: _folder.Path);
}
