using System.Diagnostics;
using AzureVmRole.TestKit;

namespace AzureVmRole.Benchmarks;

/// <summary>Runs the engine and its peers in turn, so that a change in the machine's speed hits all of them.</summary>
internal static class PairedRun
{
    public static async Task MeasureAsync(ConversionCase conversion, BenchmarkOptions options)
    {
        var ours = new List<double>();
        List<double>[] peers = conversion.PeerArguments.Select(_ => new List<double>()).ToArray();
        var copies = new List<double>();

        // The first round warms caches and compiles code; it does not count.
        for (int run = -1; run < options.Runs; run++)
        {
            double engine = await TimeAsync(options, target => Conversions.RunOnceAsync(conversion.Source, target, conversion.Type));
            double copy = await TimeAsync(options, target => CopyAsync(options, conversion.CopySource, target));
            for (int index = 0; index < peers.Length; index++)
            {
                string[] flush = options.PeerFlushes ? ["-t", "writeback"] : [];
                string[] arguments = ["convert", .. flush, .. conversion.PeerArguments[index], conversion.Source];
                double peer = await TimeAsync(options, target => RunAsync("qemu-img", [.. arguments, target]));
                if (run >= 0)
                {
                    peers[index].Add(peer);
                }
            }

            if (run >= 0)
            {
                ours.Add(engine);
                copies.Add(copy);
            }
        }

        List<double> best = peers.MinBy(Median) ?? [];
        double[] ratios = ours.Zip(best, (engine, peer) => engine / peer).ToArray();
        Console.WriteLine(
            $"{conversion.Name,-30} {Median(ours),7:F3} {Median(best),10:F3} {Median(ratios),6:F2} ({ratios.Min():F2}-{ratios.Max():F2}) "
            + $"{Median(copies),8:F3} {Median(ours.Zip(copies, (engine, copy) => engine / copy).ToArray()),6:F2}");
    }

    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<double> TimeAsync(BenchmarkOptions options, Func<string, Task> operation)
    {
        string target = Path.Combine(options.Folder, "target.vhd");
        File.Delete(target);
        if (options.IdleSeconds > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds), TimeProvider.System);
        }

        long start = Stopwatch.GetTimestamp();
        await operation(target);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        File.Delete(target);
        return seconds;
    }

    private static Task CopyAsync(BenchmarkOptions options, string source, string target) => options.PeerFlushes
        ? RunAsync("sh", "-c", "cp --sparse=auto \"$1\" \"$2\" && sync \"$2\"", "sh", source, target)
        : RunAsync("cp", "--sparse=auto", source, target);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(CancellationToken.None, program, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException(result.Everything);
        }
    }
}
