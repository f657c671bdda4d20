using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using AzureVmRole.TestKit.Killing;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>
/// The daemon is killed under load, at a call that changes files or after some answers, also while it takes up what the kill before has left. Started
/// again, it has lost nothing that was acknowledged, and nothing is half made. AZVMROLE_KILL_POINTS sets the number of points.
/// </summary>
public sealed class KilledDaemonTests
{
    private const int PointsByDefault = 4;
    private const int Clients = 4;
    private const int MostAnswers = 120;
    private const int MostCalls = 3000;
    private const int Seed = 20261122;

    private readonly LoadLedger _ledger = new();
    private readonly Random _random = new(Seed);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Points => int.Parse(Environment.GetEnvironmentVariable("AZVMROLE_KILL_POINTS") ?? $"{PointsByDefault}", CultureInfo.InvariantCulture);

    [Fact(Timeout = 7_200_000)]
    public async Task Kill_UnderLoad_LosesNothingAndLeavesNothingHalfMade()
    {
        using var home = new TemporaryFolder();
        string group = await PrepareAsync(home.Path);
        LoadClient[] clients = [.. Enumerable.Range(0, Clients).Select(number => new LoadClient(
            new LoadPlan(group, number, _ledger, Seed + number), _ledger, Seed - number))];
        string? library = await KillLibrary.FindAsync();
        int atStart = 0;
        for (int point = 0; point < Points; point++)
        {
            atStart += await KillAsync(home.Path, clients, library is not null && point % 2 == 0 ? library : null) ? 1 : 0;
            using DaemonProcess daemon = await RestartAsync(home.Path, point % 4 == 2 ? library : null);
            foreach (LoadClient client in clients)
            {
                await client.CompleteAsync(daemon, Stop);
            }

            await SettleAsync(daemon);
            IReadOnlyList<string> findings = await new HomeCheck(home.Path, _ledger).RunAsync(Stop);
            Assert.True(findings.Count == 0, $"Point {point}:\n{string.Join('\n', findings)}");
            await CheckAnswersAsync(daemon, group);
        }

        Report(clients, atStart);
        Assert.True(clients.Sum(client => client.Repeated) > 0 || Points < 2, "No request was ever cut off.");
        Assert.True(clients.Sum(client => client.Ended) > Points);
    }

    private void Report(LoadClient[] clients, int atStart) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"{Points} kills, {atStart} of them before the daemon answered; {clients.Sum(client => client.Answered)} requests answered, {clients.Sum(client => client.Repeated)} sent again, "
        + $"{clients.Sum(client => client.Ended)} operations followed; {string.Join(", ", _ledger.Outcomes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"))}");

    /// <summary>A home with a group, and an image that is registered.</summary>
    private async Task<string> PrepareAsync(string home)
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(home, Stop);
        string group = $"{daemon.Subscription}/resourceGroups/g";
        Assert.Equal(HttpStatusCode.Created, (await daemon.SendAsync(Stop, "PUT", group, """{"location":"local1"}""")).Status);
        await using (IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { FolderPath = Path.Combine(home, "store", "local1") }))
        {
            await MasterVhd.UploadAsync(store, Stop);
        }

        string image = $"{group}/providers/Microsoft.Compute/images/{LoadPlan.Master}";
        DaemonAnswer made = await daemon.SendAsync(
            Stop, "PUT", image,
            $$"""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"{{MasterVhd.BlobText}}"} } } }""");
        Assert.Equal("Succeeded", (string?)(await daemon.EndAsync(Stop, made.OperationPath!)).Body["status"]);
        _ledger.Expect(image, true);
        Assert.Equal(0, await daemon.StopAsync(Stop));
        return group;
    }

    /// <summary>Starts the daemon, loads it, and kills it: at a numbered call when there is a library, else after some answers.</summary>
    /// <returns>Whether it was killed before it answered.</returns>
    private async Task<bool> KillAsync(string home, LoadClient[] clients, string? library)
    {
        int call = library is null ? 0 : (int)Math.Exp(_random.NextDouble() * Math.Log(MostCalls));
        bool isTorn = _random.Next(4) == 0;
        int answers = library is null ? _random.Next(1, MostAnswers) : 3 * MostAnswers;
        (DaemonProcess? daemon, int code, string errors) = await DaemonProcess.TryStartAsync(
            home, Stop, environment => ArmAt(environment, library, home, call, isTorn), "--simulated-latency", "30ms");
        if (daemon is null)
        {
            Assert.True(code == DaemonProcess.KilledCode, $"Exit code {code}: {errors}");
            return true;
        }

        using (daemon)
        {
            int answered = 0;
            bool IsWanted()
            {
                if (Interlocked.Increment(ref answered) >= answers)
                {
                    daemon.Kill();
                }

                return true;
            }

            await Task.WhenAll(clients.Select(client => client.RunAsync(daemon, IsWanted, Stop)));
            (code, errors) = await daemon.WaitForExitAsync(Stop);
            Assert.True(code == DaemonProcess.KilledCode, $"Exit code {code}: {errors}");
        }

        return false;
    }

    private static void ArmAt(IDictionary<string, string?> environment, string? library, string home, int call, bool isTorn)
    {
        if (library is not null)
        {
            KillLibrary.Arm(environment, library, home, call, isTorn);
        }
    }

    /// <summary>Starts the daemon again; with a library it is killed once more while it takes up what was left.</summary>
    private async Task<DaemonProcess> RestartAsync(string home, string? library)
    {
        if (library is not null)
        {
            (DaemonProcess? daemon, _, _) = await DaemonProcess.TryStartAsync(
                home, Stop, environment => ArmAt(environment, library, home, _random.Next(1, 150), isTorn: false));
            daemon?.Dispose();
        }

        return await DaemonProcess.StartAsync(home, Stop);
    }

    /// <summary>Disks that go with their machine have no operation of their own; each question takes a moment.</summary>
    private static async Task SettleAsync(DaemonProcess daemon)
    {
        using var longest = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        longest.CancelAfter(TimeSpan.FromMinutes(1));
        while (HomeRow.CountRunning(daemon.HomePath) > 0 || HomeRow.ReadAll(daemon.HomePath).Exists(row => !row.IsSettled || row.State is not ("Succeeded" or "Failed")))
        {
            Assert.False(longest.IsCancellationRequested, $"Not at rest after a minute: {string.Join(", ", HomeRow.ReadAll(daemon.HomePath).Where(row => !row.IsSettled).Select(row => $"{row.Id} {row.State}"))}");
            await daemon.SendAsync(Stop, "GET", "/fabric/health");
        }
    }

    /// <summary>What clients see is what there is: every list is whole, every machine has its view.</summary>
    private static async Task CheckAnswersAsync(DaemonProcess daemon, string group)
    {
        List<HomeRow> rows = HomeRow.ReadAll(daemon.HomePath);
        foreach (string type in new[] { "virtualMachines", "disks", "snapshots", "images" })
        {
            DaemonAnswer list = await daemon.SendAsync(Stop, "GET", $"{group}/providers/Microsoft.Compute/{type}");
            Assert.Equal(rows.Where(row => row.Is(type)).Select(row => row.Name), ((JsonArray)list.Body["value"]!).Select(item => (string)item!["name"]!), StringComparer.Ordinal);
        }

        foreach (HomeRow machine in rows.Where(row => row.Is("virtualMachines")))
        {
            DaemonAnswer view = await daemon.SendAsync(Stop, "GET", machine.Id + "/instanceView");
            Assert.Equal(HttpStatusCode.OK, view.Status);
        }
    }
}
