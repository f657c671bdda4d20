using AzureVmRole.Benchmarks;
using AzureVmRole.Benchmarks.Fabric;
using AzureVmRole.Benchmarks.Storage;

var options = BenchmarkOptions.Parse(args);
Directory.CreateDirectory(options.Folder);
if (options.Single is { } single)
{
    await Conversions.RunOnceAsync(single.Source, single.Target, single.Type);
    Console.WriteLine($"peak resident {MemoryUse.PeakResidentMebibytes()} MiB");
    return;
}

if (options.MeasuresStorage)
{
    await new StorageBenchmark(options).RunAsync();
    return;
}

if (options.MeasuresFabric)
{
    await new FabricBenchmark(options).RunAsync();
    return;
}

var disks = new BenchmarkDisks(options.Folder);
Console.WriteLine($"{options.Runs} pairs each, in turn; medians in seconds; folder {options.Folder}{(options.IdleSeconds > 0 ? $"; {options.IdleSeconds} s idle before each run" : "")}");
Console.WriteLine("case                              ours   qemu-img  ratio (min-max)     cp   ratio");
foreach (string name in options.Disks)
{
    await disks.PrepareAsync(name);
    foreach (ConversionCase conversion in Conversions.Of(disks, name).Where(conversion => options.IsWanted(conversion.Name)))
    {
        await PairedRun.MeasureAsync(conversion, options);
    }

    disks.Remove(name);
}

if (options.Disks.Any(name => name == "quick"))
{
    await QuickOperations.MeasureAsync(options);
}
