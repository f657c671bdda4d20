using System.Text;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Media;

public sealed class ProvisioningMediaTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2030, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "a.iso");

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task Write_HasEnvironmentCustomDataAndTag()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("7z"), "Not installed: 7z.");
        ProvisioningMedia.Write(Path, TestGuest.Linux, Time);

        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, "7z", "x", "-tUdf", $"-o{_folder.Path}", Path);

        Assert.True(result.ExitCode == 0, result.Everything);
        Assert.Equal(OvfEnvironment.Write(TestGuest.Linux, []), File.ReadAllBytes(System.IO.Path.Combine(_folder.Path, "ovf-env.xml")));
        Assert.Equal(TestGuest.Linux.CustomData!.Value.ToArray(), File.ReadAllBytes(System.IO.Path.Combine(_folder.Path, "CustomData.bin")));
        Assert.Equal(0, new FileInfo(System.IO.Path.Combine(_folder.Path, "E6DA6616-8EC4-48E0-BE93-58CE6ACE3CFB.tag")).Length);
    }

    [Fact]
    public void Write_OnlyItsOwnerReadsIt()
    {
        File.WriteAllText(Path, "before");
        File.WriteAllText($"{Path}.new", "left behind");

        ProvisioningMedia.Write(Path, TestGuest.Linux, Time);

        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
        ProvisioningMedia.Remove(Path);
        ProvisioningMedia.Remove(Path);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_NoSecrets_HasNone()
    {
        ProvisioningMedia.Write(Path, TestGuest.Linux with { AdminPassword = null, CustomData = null }, Time);

        string content = Encoding.Latin1.GetString(File.ReadAllBytes(Path));
        Assert.DoesNotContain("UserPassword", content, StringComparison.Ordinal);
        Assert.DoesNotContain("CustomData", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_CharacterThatXmlCannotHold_IsRefusedAndLeavesNothing()
    {
        Assert.Throws<ArgumentException>(() => ProvisioningMedia.Write(Path, TestGuest.Linux with { AdminPassword = "a\u0001" }, Time));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
