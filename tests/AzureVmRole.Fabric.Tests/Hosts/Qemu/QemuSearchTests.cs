using AzureVmRole.Fabric.Hosts.Qemu;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

public sealed class QemuSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("5.2.0 (Debian 1:5.2+dfsg-11+deb11u3)", "5.2", false, false)]
    [InlineData("6.2.0 (Debian 1:6.2+dfsg-2ubuntu6)", "6.2", false, false)]
    [InlineData("7.1.0", "7.1", false, true)]
    [InlineData("7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)", "7.2", true, true)]
    [InlineData("10.0.2", "10.0", true, true)]
    public async Task Find_Version_SaysWhatItCan(string said, string version, bool hasStreamNetwork, bool hasPng)
    {
        QemuInstallation found = await FindAsync($"QEMU emulator version {said}");

        Assert.Equal((Version.Parse(version), hasStreamNetwork, hasPng), (found.Version, found.HasStreamNetwork, found.HasPng));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_TooOld_SaysWhatIsFoundAndWhatIsNeeded()
    {
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => FindAsync("QEMU emulator version 5.1.0"));

        Assert.Equal((ErrorCode.FabricNotInstalled, $"'{_folder.File("qemu-system-x86_64")}' is QEMU 5.1; 5.2 or later is needed."), (refusal.Code, refusal.Message));
    }

    [Fact(Timeout = 60_000)]
    public async Task Find_SaysNoVersion_IsRefused()
    {
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => FindAsync("hello"));

        Assert.Contains("does not tell a version", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<QemuInstallation> FindAsync(string said)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The program is a shell script.");
        string program = _folder.File("qemu-system-x86_64");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\necho '{said}'\n", Token);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return await QemuSearch.FindAsync(_folder.Path, _folder.Path, Token);
    }
}
