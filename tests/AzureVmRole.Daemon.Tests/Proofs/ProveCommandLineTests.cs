using AzureVmRole.Daemon.Hosting;
using AzureVmRole.Daemon.Proofs;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Proofs;

public sealed class ProveCommandLineTests
{
    [Theory]
    [InlineData("--path is missing")]
    [InlineData("--path is empty", "--path", " ")]
    [InlineData("is none that this program knows", "--path", "a", "--what")]
    [InlineData("given twice", "--path", "a", "--path", "b")]
    [InlineData("has no value", "--path")]
    [InlineData("neither Linux nor Windows", "--path", "a", "--os", "BeOS")]
    [InlineData("--generation", "--path", "a", "--generation", "3")]
    [InlineData("neither SCSI nor NVMe", "--path", "a", "--disk-controller", "IDE")]
    [InlineData("--memory", "--path", "a", "--memory", "63")]
    [InlineData("--cores", "--path", "a", "--cores", "0")]
    [InlineData("is too short", "--path", "a", "--timeout", "900ms")]
    [InlineData("is no time", "--path", "a", "--timeout", "long")]
    public void Parse_WrongArguments_NamesWhatIsWrong(string finding, params string[] arguments) =>
        Assert.Contains(finding, Assert.Throws<UsageException>(() => ProveCommandLine.Parse(arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_Everything_IsRead()
    {
        ProveOptions options = ProveCommandLine.Parse(
            ["--path", "/i/a.vhd", "--os", "Windows", "--generation", "2", "--disk-controller", "NVMe", "--timeout", "90s", "--memory", "2048", "--cores", "4", "--console", "/o/c", "--screen", "/o/s", "--home", "/h"]);

        Assert.Equal(("/i/a.vhd", "Windows", true), (options.Proof.Path, options.Proof.OSType, options.Proof.IsGeneration2));
        Assert.Equal(DiskControllerType.NVMe, options.Proof.DiskControllerType);
        Assert.Equal((TimeSpan.FromSeconds(90), 2048, 4), (options.Proof.Limit, options.Proof.MemoryInMiB, options.Proof.Cores));
        Assert.Equal(("/o/c", "/o/s", "/h/proofs"), (options.Proof.ConsolePath, options.Proof.ScreenPath, options.SlotFolder));
    }

    [Fact]
    public void Parse_PathOnly_LeavesTheRestAsDocumented()
    {
        ProveOptions options = ProveCommandLine.Parse(["--path", "a.vhd"]);

        Assert.Equal(("Linux", null, 1024, 2), (options.Proof.OSType, options.Proof.IsGeneration2, options.Proof.MemoryInMiB, options.Proof.Cores));
        Assert.Equal(DiskControllerType.SCSI, options.Proof.DiskControllerType);
        Assert.Equal((TimeSpan.FromMinutes(20), null), (options.Proof.Limit, options.SlotFolder));
    }
}
