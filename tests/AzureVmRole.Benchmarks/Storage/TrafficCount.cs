using AzureVmRole.TestKit.Faults;

namespace AzureVmRole.Benchmarks.Storage;

/// <summary>What went over the wire, in words.</summary>
internal static class TrafficCount
{
    public static string Describe(IEnumerable<ProxiedRequest> requests, long data)
    {
        ProxiedRequest[] all = requests.ToArray();
        long up = all.Sum(request => request.BodyBytesSent);
        long down = all.Sum(request => request.BytesReceived);
        string operations = string.Join(
            ", ", all.CountBy(request => request.Operation, StringComparer.Ordinal).OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"));
        return $"{all.Length} requests; {up >> 20} MiB up ({100.0 * up / data:F1} % of the data), {down >> 20} MiB down; {operations}";
    }
}
