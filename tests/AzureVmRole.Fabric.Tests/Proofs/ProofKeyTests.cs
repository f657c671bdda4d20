using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

public sealed class ProofKeyTests
{
    [Fact(Timeout = 60_000)]
    public async Task Make_SshKeygen_ReadsBothHalvesAsOnePair()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("ssh-keygen"), "Needs ssh-keygen.");
        using var folder = new TemporaryFolder();
        var key = ProofKey.Make(folder.Path);

        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, "ssh-keygen", "-y", "-f", key.PrivatePath);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(result.Output.Trim().Split(' ')[..2], key.PublicText.Split(' ')[..2]);
    }

    [Fact]
    public void Make_PrivateHalf_IsForThisAccountOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using var folder = new TemporaryFolder();
        var key = ProofKey.Make(folder.Path);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key.PrivatePath));
        }
    }
}
