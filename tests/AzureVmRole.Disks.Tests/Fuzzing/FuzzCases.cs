using System.Globalization;
using Xunit;

namespace AzureVmRole.Disks.Tests.Fuzzing;

/// <summary>How many cases are run: few in every test run, many where AZVMROLE_FUZZ_CASES says how many in all.</summary>
internal static class FuzzCases
{
    /// <summary>For the long run, in milliseconds.</summary>
    public const int Timeout = 3_600_000;

    /// <summary>The seeds among which the cases of the long run are divided.</summary>
    private const int SeedCount = 13;

    private const int UsualCount = 1000;

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("AZVMROLE_FUZZ_CASES"), CultureInfo.InvariantCulture, out int total)
            ? Math.Max(1, (total + SeedCount - 1) / SeedCount)
            : UsualCount;

    /// <param name="seed">What is damaged.</param>
    /// <param name="isRefusedEver">False for what is read whatever it holds.</param>
    public static async Task RunAsync(FuzzSeed seed, bool isRefusedEver = true)
    {
        var run = new FuzzRun(seed);
        await run.RunAsync(Count, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Count} cases: {run.ReadCount} read, {run.RefusedCount} refused, at most {run.MostAllocated} bytes allocated.");

        // Damage that is never refused, or always, tests nothing.
        int enough = Count / 20;
        Assert.InRange(run.ReadCount, enough, Count);
        Assert.InRange(run.RefusedCount, isRefusedEver ? enough : 0, Count - enough);
    }
}
