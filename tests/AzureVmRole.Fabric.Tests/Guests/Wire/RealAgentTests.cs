using System.Net;
using System.Net.NetworkInformation;
using System.Threading.Channels;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Http;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Guests.Metadata;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.Fabric.Guests.Wire;
using AzureVmRole.Fabric.Tests.Guests.Network;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Wire;

/// <summary>
/// Debian's own waagent provisions without a virtual machine: in namespaces of this machine, on a view of its root folder that is thrown away, over the segment. What it cannot
/// have there (a drive, ifup, eject) is stood in for: the media's files lie where it would have mounted them.
/// </summary>
public sealed class RealAgentTests : IAsyncDisposable
{
    private const string Script = """
        set -e
        work=$1
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$work/ram"
        mkdir "$work/ram/up" "$work/ram/work" "$work/ram/root"
        root=$work/ram/root
        mount -t overlay overlay -o "lowerdir=/,upperdir=$work/ram/up,workdir=$work/ram/work" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs run "$root/run"
        mount -t tmpfs dev "$root/dev"
        cp -a /dev/null /dev/zero /dev/random /dev/urandom "$root/dev/"
        touch "$root/dev/sr0"
        for deb in "$work"/debs/*.deb; do dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink; done
        for fake in eject ifup ifdown; do printf '#!/bin/sh\n' >"$root/usr/sbin/$fake"; chmod +x "$root/usr/sbin/$fake"; done
        sed -i -e 's/^Provisioning.Agent=.*/Provisioning.Agent=waagent/' -e 's/^ResourceDisk.Format=.*/ResourceDisk.Format=n/' \
            -e 's/^Logs.Collect=.*/Logs.Collect=n/' -e '/^OS.RootDeviceScsiTimeout/d' "$root/etc/waagent.conf"
        mkdir -p "$root/etc/ssh" "$root/mnt/cdrom/secure" "$root/var/lib/waagent"
        [ -e "$root/etc/ssh/sshd_config" ] || echo '#' >"$root/etc/ssh/sshd_config"
        mount --bind "$work/lib" "$root/var/lib/waagent"
        mount --bind "$work/log" "$root/var/log"
        mount --bind "$work/home" "$root/home"
        mount -t tmpfs /dev/sr0 "$root/mnt/cdrom/secure"
        cp "$work"/media/* "$root/mnt/cdrom/secure/"
        # Not as the first process: the agent ends what is a child of that.
        chroot "$root" /usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /usr/bin/python3 -u /usr/sbin/waagent -daemon -verbose
        exit $?
        """;

    private static readonly GuestIdentity Identity = TestGuest.Linux with { Adapter = PhysicalAddress.Parse("000D3A123456") };

    private readonly TemporaryFolder _work = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<GuestSignal> _signals = Channel.CreateUnbounded<GuestSignal>();
    private readonly Segment _segment = new(Identity, TimeProvider.System);
    private readonly WireState _state;
    private Task _running = Task.CompletedTask;

    public RealAgentTests() => _state = new WireState(Identity, TimeProvider.System, signal => _signals.Writer.TryWrite(signal));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _segment.DisposeAsync();
        _stop.Dispose();
        _work.Dispose();
    }

    [Fact(Timeout = 300_000)]
    public async Task Waagent_ProvisionsAndStays()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AZVMROLE_REAL_AGENTS") == "1", "AZVMROLE_REAL_AGENTS=1 runs real agents.");
        Assert.SkipUnless(TapAdapter.IsPossible, "Needs Linux, root, /dev/net/tun and iproute2.");
        Assert.SkipUnless(ExternalProgram.IsInstalled("apt-get") && ExternalProgram.IsInstalled("7z") && File.Exists("/usr/bin/python3"), "Needs apt-get, 7z and Debian's python3.");
        await PrepareAsync();
        Serve(WellKnown.WireServer, 80, new WireServer(_state));
        Serve(WellKnown.WireServer, HostPlugin.Port, new HostPlugin(_state));
        Serve(WellKnown.Metadata, 80, new MetadataService(Identity, TimeProvider.System, signal => _signals.Writer.TryWrite(signal)));
        (FrameLink segment, FrameLink guest) = PipedLink.Make();
        _running = _segment.RunAsync(segment, _stop.Token);
        await using TapAdapter linux = await TapAdapter.MakeAsync(guest, Token);
        await RunAsync("ip", "-n", linux.Namespace, "route", "add", WellKnown.WireServer.ToString(), "via", "10.0.0.1");

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<ProgramResult> agent = linux.RunInsideAsync(
            end.Token, "unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "sh", "-c", Script, "sh", _work.Path);
        Task<List<GuestSignal>> listening = ListenAsync();
        try
        {
            if (await Task.WhenAny(agent, listening) == agent)
            {
                Assert.Fail($"The agent ended. {(await agent).Everything}");
            }

            await listening;
        }
        finally
        {
            await end.CancelAsync();
            await ((Task)agent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await AssertProvisionedAsync(await listening);
    }

    private async Task AssertProvisionedAsync(List<GuestSignal> signals)
    {
        GuestSignal[] reports = [.. signals.Where(signal => signal.Kind is GuestSignalKind.Ready or GuestSignalKind.NotReady)];
        Assert.Equal(
            [("NotReady", "Provisioning", "Starting"), ("Ready", null, null)],
            reports.Select(report => (report.Kind.ToString(), report.SubStatus, report.Description)));
        Assert.All(reports, report => Assert.Equal("WALinuxAgent", report.Agent));
        GuestBeats beats = signals.Aggregate(GuestBeats.Start(new BeatOptions(), signals[0].At), (known, signal) => known.Take(signal));
        Assert.Equal(GuestPhase.Ready, beats.Look(signals[^1].At).Phase);
        Assert.Equal(("web-one", "Ready"), (_state.Status?.ComputerName, _state.Status?.Agent));

        Assert.Contains(TestGuest.Key, await File.ReadAllTextAsync(_work.File("home/ada/.ssh/authorized_keys"), Token), StringComparison.Ordinal);
        Assert.True(File.Exists(_work.File($"lib/{_state.Certificate.Thumbprint}.prv")), "The agent did not open the certificate that it was given.");
        Assert.Equal(Convert.ToBase64String(Identity.CustomData!.Value.Span), await File.ReadAllTextAsync(_work.File("lib/CustomData"), Token));
        Assert.Contains("<UserPassword>*<", await File.ReadAllTextAsync(_work.File("lib/ovf-env.xml"), Token), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', beats.Steps.Select(step => $"{(step.At - signals[0].At).TotalSeconds:F1} s {step.Agent}: {step.What}")));
    }

    /// <summary>All signals up to the second status after Ready.</summary>
    private async Task<List<GuestSignal>> ListenAsync()
    {
        var signals = new List<GuestSignal>();
        int statuses = 0;
        while (statuses < 2)
        {
            GuestSignal signal = await _signals.Reader.ReadAsync(Token);
            signals.Add(signal);
            statuses += signal.Kind == GuestSignalKind.StatusPut ? 1 : 0;
        }

        return signals;
    }

    private async Task PrepareAsync()
    {
        foreach (string folder in new[] { "ram", "debs", "media", "lib", "log", "home" })
        {
            Directory.CreateDirectory(_work.File(folder));
        }

        await RunAsync("sh", "-c", "cd \"$1\" && apt-get download -qq waagent python3-distro", "sh", _work.File("debs"));
        ProvisioningMedia.Write(_work.File("media.iso"), Identity, TimeProvider.System.GetUtcNow());
        await RunAsync("7z", "x", "-tUdf", $"-o{_work.File("media")}", _work.File("media.iso"));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(Token, program, arguments);
        Assert.True(result.ExitCode == 0, $"{program}: {result.Everything}");
    }

    private void Serve(IPAddress address, int port, IGuestService service) =>
        _segment.Listen(address, port, (stream, token) => GuestHttp.ServeAsync(stream, new IPEndPoint(address, port), service, token));
}
