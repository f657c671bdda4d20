using System.Globalization;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>How much of the slow tier runs: <c>AZVMROLE_FAULT_RUNS</c>, a number of random runs.</summary>
internal static class FaultRuns
{
    public const string Reason = "Slow: set AZVMROLE_FAULT_RUNS to a number of runs.";

    private const int Ordinary = 6;

    /// <summary>Whether tests run that wait for a minute of retries.</summary>
    public static bool AreLong => Wanted is not null;

    /// <summary>How many random runs there are.</summary>
    public static int Count => Wanted ?? Ordinary;

    private static int? Wanted =>
        int.TryParse(Environment.GetEnvironmentVariable("AZVMROLE_FAULT_RUNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;
}
