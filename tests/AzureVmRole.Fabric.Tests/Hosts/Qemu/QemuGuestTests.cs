using System.Net;
using System.Text;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.Fabric.Hosts.Qemu;
using AzureVmRole.Fabric.Tests.Guests;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

/// <summary>A tiny guest under real QEMU.</summary>
public sealed class QemuGuestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LineWaiter _lines = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(1, "5.2")]
    [InlineData(2, "5.2")]
    public async Task Guest_Boots_ReportsReady_AndShutsDown(int generation, string? asVersion)
    {
        QemuInstallation qemu = await FindAsync();
        qemu = asVersion is null ? qemu : qemu with { Version = Version.Parse(asVersion) };
        var service = new GoalService();
        await using Segment segment = NewSegment(service);
        await using QemuGuest guest = await StartAsync(qemu, segment, generation, "good");

        await _lines.ForAsync("tiny: address 10.0.0.4", Token);
        await _lines.ForAsync("tiny: ready", Token);
        await guest.SaveScreenAsync(_folder.File("screen.png"), Token);
        await PressUntilEndedAsync(guest);

        Assert.Equal("", await guest.Ended.WaitAsync(Token));
        Assert.Contains("<State>Ready</State>", service.Health, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(_folder.File("screen.png"), Token))[..4]);
    }

    [Fact(Timeout = 120_000)]
    public async Task Disk_AttachedAndDetachedWhileRunning_SeenByLun()
    {
        QemuInstallation qemu = await FindAsync();
        await using Segment segment = NewSegment(new GoalService());
        await using QemuGuest guest = await StartAsync(qemu, segment, 1, "good");
        await _lines.ForAsync("tiny: disks 0:0:0:0=131072", Token);
        string data = _folder.File("the \"data\".raw");
        await File.WriteAllBytesAsync(data, new byte[8 << 20], Token);

        await guest.AttachAsync(new QemuDisk(7, data, "raw", "ReadOnly"), Token);
        await _lines.ForAsync("tiny: disks 0:0:0:0=131072 0:0:1:7=16384", Token);
        await guest.DetachAsync(7, Token);
        await _lines.ForAsync("tiny: disks 0:0:0:0=131072 ", Token);
    }

    [Fact(Timeout = 120_000)]
    public async Task Guest_OSDiskOnNvme_StartsFromIt_AndDataDisksAreScsi()
    {
        QemuInstallation qemu = await FindAsync();
        var service = new GoalService();
        await using Segment segment = NewSegment(service);
        await using QemuGuest guest = await StartAsync(qemu, segment, 2, "good", options => options with { IsOSDiskNvme = true });
        await _lines.ForAsync("tiny: disks nvme0n1=131072 ", Token);
        string data = _folder.File("data.raw");
        await File.WriteAllBytesAsync(data, new byte[8 << 20], Token);

        await guest.AttachAsync(new QemuDisk(7, data, "raw", "ReadOnly"), Token);

        await _lines.ForAsync("tiny: disks nvme0n1=131072 0:0:1:7=16384", Token);
        Assert.Contains("<State>Ready</State>", service.Health, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Guest_Disposed_NothingIsLeft()
    {
        QemuInstallation qemu = await FindAsync();
        await using Segment segment = NewSegment(new GoalService());
        HashSet<string> before = [.. Directory.GetDirectories(Path.GetTempPath(), "azvmrole-*")];
        QemuGuest guest = await StartAsync(qemu, segment, 1, "good");
        await _lines.ForAsync("tiny: boot", Token);

        await guest.DisposeAsync();

        Assert.True(guest.Ended.IsCompleted);
        Assert.DoesNotContain(Directory.GetDirectories(Path.GetTempPath(), "azvmrole-*"), folder => !before.Contains(folder) && File.Exists(Path.Combine(folder, "monitor")));
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_DiskIsNoDisk_SaysWhatQemuSays()
    {
        QemuInstallation qemu = await FindAsync();
        await using Segment segment = NewSegment(new GoalService());

        FabricException refused = await Assert.ThrowsAsync<FabricException>(() => QemuGuest.StartAsync(
            qemu, OptionsFor(1, new QemuDisk(QemuDisk.OSLun, _folder.File("missing.vhd"), "vpc", "None")), segment, new ConsoleLog(), (_, _) => { }, Token));

        Assert.Contains("missing.vhd", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A guest that is still booting does not hear the button.</summary>
    private static async Task PressUntilEndedAsync(QemuGuest guest)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!guest.Ended.IsCompleted)
        {
            await guest.ShutDownAsync(Token);
            await Task.WhenAny(timer.WaitForNextTickAsync(Token).AsTask(), guest.Ended);
        }
    }

    private async Task<QemuGuest> StartAsync(QemuInstallation qemu, Segment segment, int generation, string mode, Func<QemuGuestOptions, QemuGuestOptions>? change = null)
    {
        string disk = _folder.File("os.raw");
        string? problem = await TinyGuestDisk.MakeAsync(disk, generation, mode, Token);
        Assert.SkipWhen(problem is not null, problem ?? "");
        QemuGuestOptions options = OptionsFor(generation, new QemuDisk(QemuDisk.OSLun, disk, "raw", "ReadWrite"));
        return await QemuGuest.StartAsync(qemu, change?.Invoke(options) ?? options, segment, new ConsoleLog(_lines.Take), (_, _) => { }, Token);
    }

    private static QemuGuestOptions OptionsFor(int generation, QemuDisk disk) => new()
    {
        InstanceId = Guest.Identity.InstanceId,
        Cores = 1,
        MemoryInMiB = 512,
        IsGeneration2 = generation == 2,
        OSDisk = disk,
        Adapter = Guest.Identity.Adapter,
    };

    private static Segment NewSegment(IGuestService service)
    {
        var segment = new Segment(Guest.Identity, TimeProvider.System);
        segment.Listen(WellKnown.WireServer, 80, (stream, token) => GuestHttp.ServeAsync(stream, new IPEndPoint(WellKnown.WireServer, 80), service, token));
        return segment;
    }

    private async Task<QemuInstallation> FindAsync()
    {
        Assert.SkipUnless(ExternalProgram.IsInstalled("qemu-system-x86_64"), "Needs qemu-system-x86_64.");
        return await QemuSearch.FindAsync(null, _folder.Path, Token);
    }

    /// <summary>As much of a wire server as the tiny guest asks for.</summary>
    private sealed class GoalService : IGuestService
    {
        public string Health { get; private set; } = "";

        public GuestAnswer Answer(GuestRequest request)
        {
            if (request.Method == "POST")
            {
                Health = Encoding.UTF8.GetString(request.Body.Span);
                return new GuestAnswer(HttpStatusCode.OK);
            }

            return GuestAnswer.Xml("<GoalState><Incarnation>1</Incarnation><Container><ContainerId>c</ContainerId><InstanceId>i</InstanceId></Container></GoalState>");
        }
    }
}
