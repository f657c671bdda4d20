using System.Globalization;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>The memory of this machine, or of the container that this process runs in.</summary>
/// <param name="TotalInMiB">All of it.</param>
/// <param name="AvailableInMiB">What could be had without swapping; the same as all where the system does not tell.</param>
internal sealed record MachineMemory(long TotalInMiB, long AvailableInMiB)
{
    private const int Mebibyte = 1 << 20;
    private const int KibibytesInMebibyte = 1024;
    private const string Available = "MemAvailable:";

    /// <summary>As it is now.</summary>
    public static MachineMemory Read()
    {
        long total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Mebibyte;
        return new MachineMemory(total, Math.Min(total, ReadAvailable() ?? total));
    }

    private static long? ReadAvailable()
    {
        try
        {
            // Linux, proc(5).
            string? line = File.ReadLines("/proc/meminfo").FirstOrDefault(text => text.StartsWith(Available, StringComparison.Ordinal));
            string? number = line?[Available.Length..].Trim().Split(' ')[0];
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes / KibibytesInMebibyte : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
