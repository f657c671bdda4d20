using Xunit;

namespace AzureVmRole.Engine.Tests;

/// <summary>What sgdisk, which nobody here wrote, says of a GPT.</summary>
internal static class Gpt
{
    /// <summary>Asserts that sgdisk finds nothing wrong in a disk's content.</summary>
    public static async Task VerifyAsync(DiskFolder folder, byte[] content)
    {
        string path = folder["verified.raw"];
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
        string printed = await Programs.RunAsync("sgdisk", "-v", path);
        File.Delete(path);
        Assert.Contains("No problems found", printed, StringComparison.Ordinal);
    }
}
