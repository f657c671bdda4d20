using System.Diagnostics;

namespace AzureVmRole.Benchmarks;

/// <summary>The memory of this process.</summary>
internal static class MemoryUse
{
    public static long PeakResidentMebibytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 >> 20;
    }
}
