using System.Diagnostics;
using AzureVmRole.Engine.Images.Creation;
using AzureVmRole.Engine.Images.Inspection;
using AzureVmRole.Engine.Images.Readiness;

namespace AzureVmRole.Benchmarks;

/// <summary>Operations whose time must not depend on the size of the disk.</summary>
internal static class QuickOperations
{
    private const long Gibibyte = 1L << 30;

    public static async Task MeasureAsync(BenchmarkOptions options)
    {
        string fixedDisk = Path.Combine(options.Folder, "quick-fixed.vhd");
        string dynamicDisk = Path.Combine(options.Folder, "quick-dynamic.vhd");
        string vhdxDisk = Path.Combine(options.Folder, "quick.vhdx");
        await CreateAsync(dynamicDisk, 2040 * Gibibyte, VhdType.Dynamic);
        await CreateAsync(vhdxDisk, 2048 * Gibibyte, VhdType.Dynamic);
        Console.WriteLine("operation                                   milliseconds (median, min-max)");
        await ReportAsync(options, "create fixed VHD of 127 GiB", () => CreateAsync(fixedDisk, 127 * Gibibyte, VhdType.Fixed));
        await CreateAsync(fixedDisk, 2040 * Gibibyte, VhdType.Fixed);
        foreach (string disk in new[] { fixedDisk, dynamicDisk, vhdxDisk })
        {
            string name = Path.GetFileName(disk);
            await ReportAsync(options, $"inspect 2 TiB {name}", () => DiskInspection.InspectAsync(disk, CancellationToken.None));
            await ReportAsync(
                options, $"test 2 TiB {name}",
                () => ReadinessTest.TestAsync(new ReadinessTestOptions { Path = disk }, CancellationToken.None));
            File.Delete(disk);
        }
    }

    private static Task<BaseVhd> CreateAsync(string path, long size, VhdType type) => DiskCreation.CreateAsync(
        new DiskCreationOptions { Path = path, SizeInBytes = size, Type = type, Overwrite = true }, CancellationToken.None);

    private static async Task ReportAsync(BenchmarkOptions options, string name, Func<Task> operation)
    {
        var milliseconds = new List<double>();
        for (int run = -2; run < Math.Max(options.Runs, 11); run++)
        {
            long start = Stopwatch.GetTimestamp();
            await operation();
            if (run >= 0)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Console.WriteLine($"{name,-40} {PairedRun.Median(milliseconds),8:F1} ({milliseconds.Min():F1}-{milliseconds.Max():F1})");
    }
}
