namespace AzureVmRole.Benchmarks.Storage;

/// <summary>What one client process took, from its start to its end.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">Processor time, user and system.</param>
/// <param name="PeakMebibytes">The most resident memory.</param>
internal sealed record ClientRun(double Seconds, double CpuSeconds, double PeakMebibytes)
{
    public static ClientRun operator +(ClientRun first, ClientRun second) => new(
        first.Seconds + second.Seconds, first.CpuSeconds + second.CpuSeconds, Math.Max(first.PeakMebibytes, second.PeakMebibytes));
}
