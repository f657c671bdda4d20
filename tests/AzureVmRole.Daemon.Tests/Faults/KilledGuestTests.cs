using System.Diagnostics;
using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>The daemon is killed while a guest runs in QEMU.</summary>
public sealed class KilledGuestTests : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 300_000)]
    public async Task Daemon_Killed_GuestEndsWithIt_AndTheNextOneStartsItAgain()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        string machine;
        Process guest;
        string scratch;
        using (DaemonProcess daemon = await DaemonProcess.StartAsync(_home.Path, Token, "--host-kind", "qemu"))
        {
            machine = await CreateAsync(daemon);
            guest = (await FindGuestAsync(daemon, machine))!;
            scratch = ScratchOf(guest);
            Assert.True(Directory.Exists(scratch));

            daemon.Kill();
            await daemon.WaitForExitAsync(Token);
        }

        await guest.WaitForExitAsync(Token);
        await ForAsync(() => Task.FromResult(!Directory.Exists(scratch)), "What QEMU had in the temporary folder is still there");

        using DaemonProcess next = await DaemonProcess.StartAsync(_home.Path, Token, "--host-kind", "qemu");
        await ForAsync(async () => await FindGuestAsync(next, machine) is not null, "The guest was not started again");
        await ForAsync(
            async () => (string?)(await next.SendAsync(Token, "GET", machine + "/instanceView")).Body["vmAgent"]?["statuses"]?[0]?["displayStatus"] == "Ready",
            "The agent is not heard again");
        await next.SendAsync(Token, "POST", "/fabric/stop");
        await next.WaitForExitAsync(Token);
    }

    private async Task<string> CreateAsync(DaemonProcess daemon)
    {
        await UploadAsync();
        string group = $"{daemon.Subscription}/resourceGroups/g";
        string compute = $"{group}/providers/Microsoft.Compute";
        await daemon.SendAsync(Token, "PUT", group, """{"location":"local1"}""");
        await FollowAsync(daemon, $"{compute}/images/tiny", """{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"vhds/tiny.vhd"}}}}""");
        await FollowAsync(daemon, $"{compute}/virtualMachines/web1", $$$"""
            {"location":"local1","properties":{"hardwareProfile":{"vmSize":"Standard_B1ls"},
             "storageProfile":{"imageReference":{"id":"{{{compute}}}/images/tiny" },"osDisk":{"createOption":"FromImage"} },
             "osProfile":{"computerName":"host","adminUsername":"azureuser","adminPassword":"Secret-Word-1"} } }
            """);
        return $"{compute}/virtualMachines/web1";
    }

    private static async Task FollowAsync(DaemonProcess daemon, string path, string body)
    {
        DaemonAnswer accepted = await daemon.SendAsync(Token, "PUT", path, body);
        Assert.True(accepted.IsSuccess, accepted.Body.ToJsonString());
        DaemonAnswer ended = await daemon.EndAsync(Token, accepted.OperationPath!);
        Assert.Equal("Succeeded", (string?)ended.Body["status"]);
    }

    private async Task UploadAsync()
    {
        string disk = _home.File("tiny.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, 1, "good", Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        byte[] raw = await File.ReadAllBytesAsync(disk, Token);
        byte[] footer = new VhdImageBuilder(raw.Length, VhdImageBuilder.Fixed) { Identifier = Guid.NewGuid() }.ToArray()[^512..];
        await using IBlobStore store = BlobStores.OpenStore(null, new StoreConnection { FolderPath = Path.Combine(_home.Path, "store", "local1") }, mayCreate: true);
        var name = new BlobName("vhds", "tiny.vhd");
        await store.CreateContainerAsync(name.Container, Token);
        await store.CreateAsync(name, raw.Length + footer.Length, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        const int Step = 4 << 20;
        for (int offset = 0; offset < raw.Length; offset += Step)
        {
            await store.WritePagesAsync(name, offset, raw.AsMemory(offset, Math.Min(Step, raw.Length - offset)), default, Token);
        }

        await store.WritePagesAsync(name, raw.Length, footer, default, Token);
    }

    private static async Task<Process?> FindGuestAsync(DaemonProcess daemon, string machine)
    {
        string name = $"azvmrole-{(await daemon.SendAsync(Token, "GET", machine)).Body["properties"]!["vmId"]}";
        return Array.Find(Process.GetProcessesByName("qemu-system-x86_64"), process => CommandLineOf(process).Contains(name, StringComparison.Ordinal));
    }

    /// <summary>The folder of its sockets and media.</summary>
    private static string ScratchOf(Process guest)
    {
        const string Monitor = "socket,id=monitor,path=";
        string argument = CommandLineOf(guest).Split('\0').First(part => part.StartsWith(Monitor, StringComparison.Ordinal));
        return Path.GetDirectoryName(argument[Monitor.Length..])!;
    }

    private static string CommandLineOf(Process process)
    {
        string path = $"/proc/{process.Id}/cmdline";
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    private static async Task ForAsync(Func<Task<bool>> isSo, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Longest);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo())
        {
            Assert.True(await timer.WaitForNextTickAsync(CancellationToken.None) && !limit.IsCancellationRequested, what + ".");
        }
    }
}
