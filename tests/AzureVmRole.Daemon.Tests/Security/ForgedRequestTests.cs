using System.Globalization;
using System.Net;
using System.Text;
using AzureVmRole.Daemon.Tests.Faults;
using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Security;

/// <summary>
/// Right requests of every route, changed in all ways: none is answered 5xx, nothing is written outside the home, the daemon stays small, and what was
/// accepted can be read and is brought to an end. AZVMROLE_FUZZ_CASES sets the number of requests.
/// </summary>
public sealed class ForgedRequestTests
{
    private const int RequestsByDefault = 4_000;
    private const int Clients = 4;
    private const int Seed = 20261122;
    private const long MostMemory = 700L << 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int Requests => int.Parse(Environment.GetEnvironmentVariable("AZVMROLE_FUZZ_CASES") ?? $"{RequestsByDefault}", CultureInfo.InvariantCulture);

    [Fact(Timeout = 3_600_000)]
    public async Task Send_ForgedRequests_AreAnsweredRightAndLeaveNothingOutside()
    {
        using var outside = new TemporaryFolder();
        string home = Path.Combine(outside.Path, "home");
        using DaemonProcess daemon = await DaemonProcess.StartAsync(home, Stop);
        await FaultRoom.PrepareAsync(daemon);
        await PrepareStoreAsync(home, outside.Path);
        string[] before = [.. Directory.EnumerateFileSystemEntries(outside.Path, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(home + "/", StringComparison.Ordinal))];
        SortedDictionary<int, int>[] statuses = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => SendAsync(daemon, client)));

        var counts = statuses.SelectMany(counted => counted).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}: {pair.Value}"))}; {daemon.WorkingSet >> 20} MiB");
        Assert.True(new[] { 200, 201, 202, 400, 404, 405, 409 }.All(counts.ContainsKey), string.Join(", ", counts.Keys));
        Assert.InRange(daemon.WorkingSet, 1, MostMemory);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(outside.Path, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(home + "/", StringComparison.Ordinal)), StringComparer.Ordinal);
        Assert.Equal("outside", await File.ReadAllTextAsync(Path.Combine(outside.Path, "link-target.vhd"), Stop));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "*forged-escape*"));
        Assert.All(Directory.EnumerateFileSystemEntries(home), entry => Assert.True(Path.GetFileName(entry) is "fabric" or "store" or "instances", entry));
        await ReadEverythingAsync(daemon);
    }

    /// <summary>A VHD that nobody owns, and links that lead out of the store.</summary>
    private static async Task PrepareStoreAsync(string home, string outside)
    {
        await using IBlobStore store = FaultRoom.OpenStore(home);
        var data = new BlobName("vhds", "data.vhd");
        await store.StartCopyAsync(data, await store.GetCopySourceAsync(MasterVhd.Name, null, null, Stop), null, default, Stop);
        while ((await store.FindAsync(data, null, Stop))!.CopyState == BlobCopyState.Pending)
        {
            await Task.Yield();
        }

        string folder = Path.Combine(home, "store", "local1");
        await File.WriteAllTextAsync(Path.Combine(outside, "link-target.vhd"), "outside", Stop);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(folder, "vhds", "link.vhd"), Path.Combine(outside, "link-target.vhd"));
            Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), outside);
        }
    }

    private static async Task<SortedDictionary<int, int>> SendAsync(DaemonProcess daemon, int client)
    {
        var forge = new RequestForge(Seed + client, daemon.Subscription, daemon.HomePath);
        var statuses = new SortedDictionary<int, int>();
        for (int count = 0; count < Requests / Clients; count++)
        {
            ForgedRequest forged = forge.Next();
            using HttpRequestMessage request = MessageOf(daemon, forged);
            using HttpResponseMessage response = await daemon.Client.SendAsync(request, Stop);
            int status = (int)response.StatusCode;
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            string text = await response.Content.ReadAsStringAsync(Stop);
            Assert.True(status < 500, $"{forged} was answered {status} {text}");
            bool isServers = status == 400 && text.Length == 0 && forged.Path.Contains("%00", StringComparison.Ordinal);
            Assert.True(status < 400 || isServers || forged.Method == "HEAD" || text.StartsWith("{\"error\":{\"code\":\"", StringComparison.Ordinal), $"{forged} was answered {status} without a reason: {text}");
        }

        return statuses;
    }

    private static HttpRequestMessage MessageOf(DaemonProcess daemon, ForgedRequest forged)
    {
        string path = forged.Path.Contains("api-version", StringComparison.Ordinal) ? forged.Path : $"{forged.Path}{(forged.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=1";
        var request = new HttpRequestMessage(
            new HttpMethod(forged.Method), new Uri(daemon.Endpoint.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (forged.Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(forged.Body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", forged.ContentType);
        }

        if (forged.Header is { } header)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return request;
    }

    /// <summary>What was accepted poisons no answer: every resource and every list can be read, and every operation ends.</summary>
    private static async Task ReadEverythingAsync(DaemonProcess daemon)
    {
        foreach (HomeRow row in HomeRow.ReadAll(daemon.HomePath))
        {
            DaemonAnswer answer = await daemon.SendAsync(Stop, "GET", row.Id);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{row.Id}: {(int)answer.Status} {answer.Body.ToJsonString()}");
            if (row.Is("virtualMachines"))
            {
                Assert.True((int)(await daemon.SendAsync(Stop, "GET", row.Id + "/instanceView")).Status < 500, row.Id);
            }
        }

        foreach (string list in new[] { "/resources", "/resourceGroups", "/providers/Microsoft.Compute/virtualMachines", "/providers/Microsoft.Compute/disks", "/providers/Microsoft.Compute/images", "/providers/Microsoft.Compute/snapshots" })
        {
            Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", daemon.Subscription + list)).Status);
        }

        Assert.Equal(0, await daemon.StopAsync(Stop));
        using DaemonProcess again = await DaemonProcess.StartAsync(daemon.HomePath, Stop);
        Assert.Equal(HttpStatusCode.OK, (await again.SendAsync(Stop, "GET", daemon.Subscription + "/resources")).Status);
        string log = await File.ReadAllTextAsync(again.FileOf("daemon.log"), Stop);
        Assert.DoesNotContain(" failed.\nSystem.", log, StringComparison.Ordinal);
    }
}
