using System.Diagnostics;
using System.Globalization;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Benchmarks.Fabric;

/// <summary>The local fabric as users run it: the program in bin/, a process of its own.</summary>
internal sealed class FabricProgram : IAsyncDisposable
{
    private readonly Process _process;

    private FabricProgram(Process process, double startSeconds)
    {
        _process = process;
        StartSeconds = startSeconds;
    }

    /// <summary>From the start of the process until it said where it answers.</summary>
    public double StartSeconds { get; }

    public static async Task<FabricProgram> StartAsync(string home)
    {
        string program = ProgramFolder.Of("azvmrole-fabric");
        var start = new ProcessStartInfo(program, ["--home", home, "--host-kind", "simulated", "--simulated-latency", "00:00:00"]) { RedirectStandardOutput = true, UseShellExecute = false };
        long started = Stopwatch.GetTimestamp();
        Process process = Process.Start(start)!;
        string? address = await process.StandardOutput.ReadLineAsync();
        return address is null
            ? throw new InvalidOperationException($"The fabric of {home} has not started.")
            : new FabricProgram(process, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>What the kernel says of the process's memory now and at its peak, in MiB.</summary>
    public (double Now, double Peak) Memory()
    {
        string[] lines = File.ReadAllLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status");
        double Of(string name) => double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', '\t')[^2], CultureInfo.InvariantCulture) / 1024;
        return (Of("VmRSS:"), Of("VmHWM:"));
    }

    public static Task<FabricConnection> ConnectAsync(string home) => FabricConnection.ConnectLocalAsync(home, groupName: null, location: null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var stop = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await stop.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
