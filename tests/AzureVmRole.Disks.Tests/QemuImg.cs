using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Disks.Tests;

/// <summary>qemu-img as the maker of images and as the oracle for ours.</summary>
internal static class QemuImg
{
    /// <summary>Runs qemu-img; the test is skipped where it is not installed and fails where it fails.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        ProgramResult result = await TryAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Everything);
        return result.Output;
    }

    /// <summary>Runs qemu-img where failing is an answer.</summary>
    public static async Task<ProgramResult> TryAsync(params string[] arguments)
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-img"), "qemu-img is not installed (apt: qemu-utils).");
        return await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, "qemu-img", arguments);
    }

    /// <summary>Asserts that qemu-img reads a VHD as this content.</summary>
    public static async Task CompareAsync(TemporaryFolder folder, ReferenceDisk expected, string vhdPath)
    {
        string raw = folder.File("expected.raw");
        expected.SaveRaw(raw);
        string printed = await RunAsync("compare", "-f", "raw", "-F", "vpc", raw, vhdPath);
        Assert.Contains("identical", printed, StringComparison.Ordinal);
    }
}
