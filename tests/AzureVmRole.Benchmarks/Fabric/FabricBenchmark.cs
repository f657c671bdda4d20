using System.Diagnostics;
using Azure;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using AzureVmRole.Benchmarks.Storage;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Benchmarks.Fabric;

/// <summary>
/// The local fabric with simulated hosts that take no time, as a client of Azure sees it: the official SDK over HTTPS. Virtual machines are made from an
/// image, so each one gets a disk of its own, copied, registered and leased.
/// </summary>
internal sealed class FabricBenchmark(BenchmarkOptions options)
{
    private const int Clients = 16;
    private const int Probes = 100;
    private const int Reads = 2_000;

    private readonly string _home = Path.Combine(options.Folder, "fabric-home");

    public async Task RunAsync()
    {
        if (options.IsWanted("start"))
        {
            await MeasureStartAsync();
        }

        if (options.IsWanted("copy"))
        {
            await MeasureCopyAsync();
        }

        if (options.IsWanted("scale"))
        {
            await MeasureScaleAsync();
        }
    }

    private async Task MeasureStartAsync()
    {
        var first = new List<double>();
        var again = new List<double>();
        for (int run = 0; run <= options.Runs; run++)
        {
            Clear();
            foreach (List<double> list in (List<double>[])[first, again])
            {
                await using FabricProgram fabric = await FabricProgram.StartAsync(_home);
                if (run > 0)
                {
                    list.Add(fabric.StartSeconds);
                }
            }
        }

        Console.WriteLine($"cold start, new home                {Median(first):F3} s ({first.Min():F3}-{first.Max():F3})");
        Console.WriteLine($"cold start, home with a fabric      {Median(again):F3} s ({again.Min():F3}-{again.Max():F3})");
    }

    private async Task MeasureScaleAsync()
    {
        Clear();
        await using (FabricProgram fabric = await FabricProgram.StartAsync(_home))
        {
            using FabricConnection connection = await FabricProgram.ConnectAsync(_home);
            ResourceGroupResource group = await PrepareAsync(connection, "64MB");
            VirtualMachineCollection machines = group.GetVirtualMachines();
            VirtualMachineData data = Describe(await RegisterAsync(group));
            for (int warm = 0; warm < 20; warm++)
            {
                await CreateAsync(machines, $"warm{warm}", data);
            }

            await MeasureReadAsync(connection, machines);
            int made = 20;
            foreach (int goal in new[] { 100, 1_000, options.Machines / 2, options.Machines }.Order())
            {
                if (goal <= made || goal > options.Machines)
                {
                    continue;
                }

                int from = made;
                long started = Stopwatch.GetTimestamp();
                await Parallel.ForEachAsync(
                    Enumerable.Range(from, goal - from), new ParallelOptions { MaxDegreeOfParallelism = Clients },
                    async (number, _) => await CreateAsync(machines, $"vm{number}", data));
                double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                (double now, double peak) = fabric.Memory();
                Console.WriteLine($"{from,6} to {goal,6} VMs, {Clients} clients     {seconds:F1} s, {1000 * seconds / (goal - from):F1} ms each; fabric {now:F0} MiB, peak {peak:F0} MiB");
                made = goal;
                List<double> single = await TimeAsync(Probes, number => CreateAsync(machines, $"probe{goal}-{number}", data));
                made += Probes;
                Console.WriteLine($"one VM after another at {goal,6}       {1000 * Median(single):F1} ms ({1000 * single.Min():F1}-{1000 * single.Max():F1})");
            }

            await MeasureListAsync(connection, group, made);
            (double Now, double Peak) memory = fabric.Memory();
            Console.WriteLine($"fabric with {made} VMs and disks      {memory.Now:F0} MiB, peak {memory.Peak:F0} MiB");
        }

        await using FabricProgram restarted = await FabricProgram.StartAsync(_home);
        (double resident, _) = restarted.Memory();
        Console.WriteLine($"start with all of them              {restarted.StartSeconds:F3} s, {resident:F0} MiB");
    }

    private static async Task MeasureReadAsync(FabricConnection connection, VirtualMachineCollection machines)
    {
        List<double> sdk = await TimeAsync(Reads, _ => machines.GetAsync("warm0"));
        Console.WriteLine($"GET through the SDK                 {1000 * Median(sdk):F3} ms, 99 % in {1000 * Percentile(sdk, 0.99):F3} ms");
        using HttpClient client = Engine.Compute.Http.FabricTransport.Create(connection.State.Thumbprint!);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(FabricNote.TokenPathIn(connection.State.HomePath!))).Trim());
        var address = new Uri(connection.State.Endpoint, $"{(await machines.GetAsync("warm0")).Value.Id}?api-version=2023-07-01");
        List<double> plain = await TimeAsync(Reads, _ => client.GetStringAsync(address));
        Console.WriteLine($"GET over one connection             {1000 * Median(plain):F3} ms, 99 % in {1000 * Percentile(plain, 0.99):F3} ms");
    }

    private async Task MeasureListAsync(FabricConnection connection, ResourceGroupResource group, int count)
    {
        foreach ((string name, Func<Task<int>> list) in new (string, Func<Task<int>>)[]
        {
            ("VMs", async () => await group.GetVirtualMachines().GetAllAsync().CountAsync()),
            ("disks", async () => await group.GetManagedDisks().GetAllAsync().CountAsync()),
            ("VMs of all groups", async () => await connection.Subscription().GetVirtualMachinesAsync().CountAsync()),
        })
        {
            int found = 0;
            List<double> times = await TimeAsync(options.Runs, async _ => found = await list());
            Console.WriteLine($"list {found} {name,-18}      {Median(times):F3} s ({times.Min():F3}-{times.Max():F3})");
            if (found != count)
            {
                throw new InvalidOperationException($"{found} {name} instead of {count}.");
            }
        }
    }

    /// <summary>How long an image of 30 GiB with 2 GiB of data takes to become a disk, against cp, in turn.</summary>
    private async Task MeasureCopyAsync()
    {
        Clear();
        await using FabricProgram fabric = await FabricProgram.StartAsync(_home);
        using FabricConnection connection = await FabricProgram.ConnectAsync(_home);
        ResourceGroupResource group = await PrepareAsync(connection, "30GB");
        string master = Path.Combine(_home, "store", "local1", "vhds", "base.vhd");
        Fill(master);
        string image = await RegisterAsync(group);
        string peer = Path.Combine(options.Folder, "cp.vhd");
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int run = 0; run <= options.Runs; run++)
        {
            ManagedDiskResource? disk = null;
            var data = new ManagedDiskData("local1")
            {
                CreationData = new DiskCreationData(DiskCreateOption.FromImage) { ImageReference = new ImageDiskReference { Id = new(image) } },
            };
            double own = (await TimeAsync(1, async _ => disk = (await group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Completed, $"disk{run}", data)).Value))[0];
            double cp = (await TimeAsync(1, async _ => await ClientProcess.RunAsync(options.Folder, [], "cp", "--sparse=auto", master, peer)))[0];
            File.Delete(peer);
            await disk!.DeleteAsync(WaitUntil.Completed);
            foreach (string blob in Directory.GetFiles(Path.Combine(_home, "store", "local1", "vhds"), $"disk{run}-*"))
            {
                File.Delete(blob);
            }

            if (run > 0)
            {
                ours.Add(own);
                theirs.Add(cp);
            }
        }

        double[] ratios = [.. ours.Zip(theirs, (own, cp) => own / cp).Order()];
        Console.WriteLine($"30 GiB image, 2 GiB of data → disk   {Median(ours):F2} s, cp {Median(theirs):F2} s, ratio {Median([.. ratios]):F2} ({ratios[0]:F2}-{ratios[^1]:F2})");
    }

    // Scattered runs of 1 MiB, as a file system leaves them.
    private static void Fill(string path)
    {
        const int Run = 1 << 20;
        const int Runs = 2 << 10;
        var random = new Random(4);
        byte[] content = new byte[Run];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        long spacing = (stream.Length - Run) / Runs / Run * Run;
        for (int run = 0; run < Runs; run++)
        {
            random.NextBytes(content);
            stream.Position = run * spacing;
            stream.Write(content);
        }

        stream.Flush(flushToDisk: true);
    }

    private async Task<ResourceGroupResource> PrepareAsync(FabricConnection connection, string size)
    {
        string file = Path.Combine(options.Folder, "base.vhd");
        string command = $"New-BaseVhd -Path '{file}' -SizeBytes {size} -Fixed -Force; Publish-BaseVhd -Path '{file}' -Destination vhds/base.vhd -SkipReadinessTest -StorePath '{Path.Combine(_home, "store", "local1")}'";
        foreach (string part in command.Split("; "))
        {
            await ClientProcess.RunAsync(options.Folder, [("AZUREVMROLE_HOME", Path.Combine(options.Folder, "home"))], ProgramFolder.Of("azvmrole"), "-Command", part);
        }

        File.Delete(file);
        return await connection.GroupForCreationAsync(name: null, CancellationToken.None);
    }

    private async Task<string> RegisterAsync(ResourceGroupResource group)
    {
        var uri = new Uri(Path.Combine(_home, "store", "local1", "vhds", "base.vhd"));
        var data = new DiskImageData("local1")
        {
            StorageProfile = new ImageStorageProfile { OSDisk = new ImageOSDisk(SupportedOperatingSystemType.Linux, OperatingSystemStateType.Generalized) { BlobUri = uri } },
        };
        ArmOperation<DiskImageResource> made = await group.GetDiskImages().CreateOrUpdateAsync(WaitUntil.Completed, "base", data);
        return made.Value.Id.ToString();
    }

    private static VirtualMachineData Describe(string image) => new("local1")
    {
        HardwareProfile = new VirtualMachineHardwareProfile { VmSize = "Standard_A1_v2" },
        StorageProfile = new VirtualMachineStorageProfile
        {
            ImageReference = new ImageReference { Id = new(image) },
            OSDisk = new VirtualMachineOSDisk(DiskCreateOptionType.FromImage),
        },
        OSProfile = new VirtualMachineOSProfile
        {
            ComputerName = "bench", AdminUsername = "azureuser", AdminPassword = "Not-a-secret-1",
        },
    };

    private static Task<ArmOperation<VirtualMachineResource>> CreateAsync(VirtualMachineCollection machines, string name, VirtualMachineData data) =>
        machines.CreateOrUpdateAsync(WaitUntil.Completed, name, data);

    private static async Task<List<double>> TimeAsync(int count, Func<int, Task> action)
    {
        var times = new List<double>(count);
        for (int number = 0; number < count; number++)
        {
            long started = Stopwatch.GetTimestamp();
            await action(number);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return times;
    }

    private static double Median(List<double> values) => Percentile(values, 0.5);

    private static double Percentile(List<double> values, double part) => values.Order().ElementAt((int)(values.Count * part));

    private void Clear()
    {
        if (Directory.Exists(_home))
        {
            Directory.Delete(_home, recursive: true);
        }
    }
}
