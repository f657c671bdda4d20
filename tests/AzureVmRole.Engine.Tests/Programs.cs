using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests;

/// <summary>Real programs that must be there and must succeed.</summary>
internal static class Programs
{
    /// <summary>Skips the test where one is missing.</summary>
    public static void Require(params string[] names)
    {
        string[] missing = [.. names.Where(name => !ExternalProgram.IsInstalled(name))];
        Assert.SkipUnless(missing.Length == 0, $"Not installed: {string.Join(", ", missing)}.");
    }

    /// <summary>Runs a program; it must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(TestContext.Current.CancellationToken, name, arguments);
        Assert.True(result.ExitCode == 0, $"{name} {string.Join(' ', arguments)}: {result.Everything}");
        return result.Output;
    }
}
