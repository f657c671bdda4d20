using System.Threading.Channels;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

/// <summary>Waits for what a guest writes to its console.</summary>
internal sealed class LineWaiter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public void Take(string line) => _lines.Writer.TryWrite(line);

    /// <summary>Waits for the next line that starts so.</summary>
    public async Task ForAsync(string start, CancellationToken cancellationToken)
    {
        var seen = new List<string>();
        try
        {
            do
            {
                seen.Add(await _lines.Reader.ReadAsync(cancellationToken));
            }
            while (!seen[^1].StartsWith(start, StringComparison.Ordinal));
        }
        catch (OperationCanceledException exception)
        {
            throw new InvalidOperationException($"No line starts with '{start}'. Seen: {string.Join(" | ", seen)}", exception);
        }
    }
}
