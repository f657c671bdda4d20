using System.Globalization;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.Fabric.Hosts.Qemu;
using AzureVmRole.Fabric.Tests.Guests;
using AzureVmRole.TestKit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>A guest that keeps what it writes, as an instance does: it is provisioned once, can be logged in to, and is shut down.</summary>
internal sealed class RealGuest : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder;
    private readonly SemaphoreSlim _news;
    private readonly GuestServices _services;
    private readonly QemuGuest _guest;
    private readonly PortForward _forward;

    private RealGuest(TemporaryFolder folder, SemaphoreSlim news, GuestServices services, QemuGuest guest)
    {
        (_folder, _news, _services, _guest) = (folder, news, services, guest);
        _forward = PortForward.Start(services.Segment, 22);
    }

    /// <summary>What is known of it.</summary>
    public GuestBeats Beats => _services.Beats;

    /// <summary>What it wrote to its console.</summary>
    public string Console => System.Text.Encoding.UTF8.GetString(_guest.Console.ToArray());

    private string KeyPath => _folder.File("key");

    /// <summary>Starts it.</summary>
    public static async Task<RealGuest> StartAsync(string disk, int generation, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        ProgramResult made = await ExternalProgram.RunAsync(cancellationToken, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tester", "-f", folder.File("key"));
        string key = made.ExitCode == 0 ? (await File.ReadAllTextAsync(folder.File("key.pub"), cancellationToken)).Trim() : throw new InvalidOperationException(made.Everything);
        GuestIdentity identity = Guest.Identity with
        {
            InstanceId = Guid.NewGuid().ToString("D"),
            IsPasswordDisabled = true,
            CustomData = "#!/bin/sh\necho ran | tee /etc/custom-data\n"u8.ToArray(),
            Keys = [new GuestKey($"/home/{Guest.Identity.AdminUserName}/.ssh/authorized_keys", key)],
        };
        var news = new SemaphoreSlim(0);
        var services = new GuestServices(identity, new BeatOptions(), TimeProvider.System, () => news.Release());
        QemuInstallation qemu = await QemuSearch.FindAsync(null, folder.Path, cancellationToken);
        var options = new QemuGuestOptions
        {
            InstanceId = identity.InstanceId,
            Cores = 2,
            MemoryInMiB = 1024,
            IsGeneration2 = generation == 2,
            OSDisk = new QemuDisk(QemuDisk.OSLun, disk, "raw", "ReadWrite"),
            WriteMedia = path => ProvisioningMedia.Write(path, identity, TimeProvider.System.GetUtcNow()),
            Adapter = identity.Adapter,
        };
        QemuGuest guest = await QemuGuest.StartAsync(qemu, options, services.Segment, new ConsoleLog(_ => news.Release()), (name, data) => Note(services, name, data), cancellationToken);
        return new RealGuest(folder, news, services, guest);
    }

    /// <summary>Waits until something is true of it; asked anew after each line of its console and each signal.</summary>
    public async Task UntilAsync(Func<bool> isTrue, CancellationToken cancellationToken)
    {
        while (!isTrue())
        {
            await _news.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs a command as the account that was made, with its key; as often as nobody answers, until it does.</summary>
    public async Task<ProgramResult> RunAsync(string command, CancellationToken cancellationToken)
    {
        const int NoConnection = 255;
        while (true)
        {
            ProgramResult result = await ExternalProgram.RunAsync(
                cancellationToken, "ssh", "-i", KeyPath, "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "ConnectTimeout=60", "-o", "LogLevel=ERROR",
                "-p", _forward.Endpoint.Port.ToString(CultureInfo.InvariantCulture), $"{Guest.Identity.AdminUserName}@127.0.0.1", command);
            if (result.ExitCode != NoConnection || result.Error.Contains("Permission denied", StringComparison.Ordinal))
            {
                return result;
            }

            // waagent restarts sshd when it has provisioned.
            await _news.WaitAsync(Retry, cancellationToken);
        }
    }

    /// <summary>Presses the power button, and waits until it has shut down.</summary>
    public async Task ShutDownAsync(CancellationToken cancellationToken)
    {
        await _guest.ShutDownAsync(cancellationToken);
        await _guest.Ended.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _forward.DisposeAsync();
        await _guest.DisposeAsync();
        await _services.DisposeAsync();
        _news.Dispose();
        _folder.Dispose();
    }

    private static void Note(GuestServices services, string name, JsonObject data)
    {
        if (name == "DEVICE_TRAY_MOVED" && data["tray-open"]?.GetValue<bool>() == true)
        {
            services.Note((beats, now) => beats.Eject(now));
        }
    }
}
