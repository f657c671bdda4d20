namespace AzureVmRole.Benchmarks.Storage;

/// <summary>The engine against azcopy, in turn, each with a process of its own; a side that fails is said so and the other one goes on.</summary>
internal sealed class StorageBenchmark(BenchmarkOptions options)
{
    private readonly StorageClients _clients = new(options.Folder);

    public async Task RunAsync()
    {
        // Azurite's data lies where the disks do.
        Environment.SetEnvironmentVariable("TMPDIR", options.Folder);
        Console.WriteLine($"{options.Runs} pairs each, in turn; wall seconds of the whole process; folder {options.Folder}");
        Console.WriteLine("case                       ours   peer   ratio (min-max)   goal   cpu ours/peer   peak MiB ours/peer");
        var disks = new BenchmarkDisks(options.Folder);
        foreach (string name in options.Disks.Where(name => name != "quick"))
        {
            var forms = new StorageDisks(disks, name);
            try
            {
                await forms.PrepareAsync();
                long data = await forms.MeasureDataAsync();
                foreach (StorageCase transfer in new StorageCases(forms, _clients, options.Folder).All().Where(transfer => options.IsWanted(transfer.Name)))
                {
                    await MeasureAsync(transfer);
                    await CountAsync(transfer, data);
                }
            }
            catch (InvalidOperationException exception)
            {
                Console.WriteLine($"{name} was given up: {exception.Message}");
            }
            finally
            {
                if (!options.KeepsDisks)
                {
                    forms.Remove();
                }
            }
        }
    }

    private async Task MeasureAsync(StorageCase transfer)
    {
        var ours = new List<ClientRun>();
        var peer = new List<ClientRun>();
        await using BenchmarkStore? shared = await FillAsync(transfer, counts: false);

        // The first round warms caches; it does not count. A side that failed is not asked again.
        ClientRun? first = new(0, 0, 0);
        ClientRun? second = first;
        for (int run = -1; run < options.Runs; run++)
        {
            first = first is null ? null : await TryAsync(transfer, transfer.Ours, shared, "ours");
            second = second is null ? null : await TryAsync(transfer, transfer.Peer, shared, "peer");
            if (run >= 0 && first is not null)
            {
                ours.Add(first);
            }

            if (run >= 0 && second is not null)
            {
                peer.Add(second);
            }
        }

        Report(transfer, ours, peer);
    }

    private async Task<ClientRun?> TryAsync(StorageCase transfer, Func<BenchmarkStore?, Task<ClientRun>> client, BenchmarkStore? shared, string side)
    {
        BenchmarkStore? own = shared is null && !transfer.IsLocal ? await BenchmarkStore.StartAsync() : null;
        try
        {
            if (options.IdleSeconds > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds), TimeProvider.System);
            }

            return await client(shared ?? own);
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine($"{transfer.Name}: {side} failed: {exception.Message}");
            return null;
        }
        finally
        {
            if (own is not null)
            {
                await own.DisposeAsync();
            }

            transfer.CleanUp();
        }
    }

    private static async Task<BenchmarkStore?> FillAsync(StorageCase transfer, bool counts)
    {
        if (transfer.IsLocal || (transfer.Fill is null && !counts))
        {
            return null;
        }

        BenchmarkStore store = await BenchmarkStore.StartAsync(counts);
        try
        {
            await (transfer.Fill?.Invoke(store) ?? Task.CompletedTask);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs both sides once more through a proxy that counts, and compares what arrived.</summary>
    private static async Task CountAsync(StorageCase transfer, long data)
    {
        foreach ((string side, Func<BenchmarkStore?, Task<ClientRun>> client) in new[] { ("ours", transfer.Ours), ("peer", transfer.Peer) })
        {
            await using BenchmarkStore? store = await FillAsync(transfer, counts: true);
            int before = store?.Requests.Count ?? 0;
            try
            {
                await client(store);
                string traffic = store is null ? "" : TrafficCount.Describe(store.Requests.Skip(before), data);
                string verdict = side == "ours" && transfer.IsRight is not null
                    ? $"; content {(await transfer.IsRight(store) ? "is right" : "IS WRONG")}"
                    : "";
                if (traffic.Length + verdict.Length > 0)
                {
                    Console.WriteLine($"    {side}: {traffic}{verdict}");
                }
            }
            catch (InvalidOperationException exception)
            {
                Console.WriteLine($"    {side} failed when counted: {exception.Message}");
            }
            finally
            {
                transfer.CleanUp();
            }
        }
    }

    private static void Report(StorageCase transfer, List<ClientRun> ours, List<ClientRun> peer)
    {
        if (ours.Count == 0 || peer.Count == 0)
        {
            string done = ours.Count > 0 ? $"ours {Median(ours, run => run.Seconds):F2} s" : peer.Count > 0 ? $"peer {Median(peer, run => run.Seconds):F2} s" : "neither";
            Console.WriteLine($"{transfer.Name,-24} no pair; {done}");
            return;
        }

        double[] ratios = ours.Zip(peer, (first, second) => first.Seconds / second.Seconds).ToArray();
        Console.WriteLine(
            $"{transfer.Name,-24} {Median(ours, run => run.Seconds),6:F2} {Median(peer, run => run.Seconds),6:F2}   "
            + $"{PairedRun.Median(ratios),5:F2} ({ratios.Min():F2}-{ratios.Max():F2})   {transfer.Goal,4:F2}   "
            + $"{Median(ours, run => run.CpuSeconds),5:F1}/{Median(peer, run => run.CpuSeconds),-5:F1}     "
            + $"{ours.Max(run => run.PeakMebibytes),5:F0}/{peer.Max(run => run.PeakMebibytes):F0}");
    }

    private static double Median(List<ClientRun> runs, Func<ClientRun, double> figure) => PairedRun.Median(runs.ConvertAll(run => figure(run)));
}
