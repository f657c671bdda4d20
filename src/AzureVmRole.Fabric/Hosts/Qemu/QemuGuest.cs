using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Guests.Network;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>One boot of a guest: the process, its monitor, its console, and the link to its network. Disposing it ends the guest and leaves nothing behind.</summary>
internal sealed class QemuGuest : IAsyncDisposable
{
    // How long a process that has closed its monitor may take to end.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly QemuInstallation _qemu;
    private readonly QemuFiles _files;
    private readonly QemuProcess _process;
    private readonly QmpClient _monitor;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _leaving;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _console;
    private readonly Task _network;
    private bool _isDisposed;

    private QemuGuest(
        QemuInstallation qemu, QemuFiles files, QemuProcess process, QmpClient monitor, ConcurrentDictionary<string, TaskCompletionSource> leaving, Socket console, Socket network, ConsoleLog log,
        Segment segment)
    {
        _qemu = qemu;
        _leaving = leaving;
        _files = files;
        _process = process;
        _monitor = monitor;
        Console = log;
        _console = CopyConsoleAsync(console, log, _stop.Token);
        _network = CarryAsync(network, segment, _stop.Token);
    }

    /// <summary>What it wrote to its serial console.</summary>
    public ConsoleLog Console { get; }

    /// <summary>Ends when the guest has: its result is what QEMU said, empty for a guest that shut down.</summary>
    public Task<string> Ended => _process.Ended;

    /// <summary>Starts a guest. It runs when this returns.</summary>
    /// <param name="qemu">The program.</param>
    /// <param name="options">The guest.</param>
    /// <param name="segment">Its network.</param>
    /// <param name="log">Its console.</param>
    /// <param name="event">Told the monitor's events: <c>RESET</c>, <c>SHUTDOWN</c>, <c>DEVICE_TRAY_MOVED</c>, ….</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="FabricException">QEMU does not start it.</exception>
    public static async Task<QemuGuest> StartAsync(
        QemuInstallation qemu, QemuGuestOptions options, Segment segment, ConsoleLog log, Action<string, JsonObject> @event, CancellationToken cancellationToken)
    {
        RequireFirmware(qemu, options);
        var files = QemuFiles.Make();
        QemuProcess? process = null;
        try
        {
            using Socket monitor = Listen(files.MonitorPath);
            using Socket console = Listen(files.ConsolePath);
            using var network = QemuNetwork.Listen(qemu, files);
            if (options.IsGeneration2)
            {
                File.Copy(qemu.Firmware!.VariablesPath, files.VariablesPath);
            }

            options.WriteMedia?.Invoke(files.MediaPath);
            process = QemuProcess.Start(qemu.ProgramPath, QemuCommand.Make(qemu, options, files, network.Endpoint), files.Folder);
            Task<Socket[]> connected = Task.WhenAll(monitor.AcceptAsync(cancellationToken).AsTask(), console.AcceptAsync(cancellationToken).AsTask(), network.AcceptAsync(cancellationToken));
            if (await Task.WhenAny(connected, process.Ended).ConfigureAwait(false) == process.Ended)
            {
                throw NotStarted(options, await process.Ended.ConfigureAwait(false));
            }

            return await OpenAsync(qemu, files, process, options, await connected.ConfigureAwait(false), segment, log, @event, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }

            files.Dispose();
            throw;
        }
    }

    /// <summary>Ends when everything was heard that QEMU had to say.</summary>
    public Task MonitorEnded => _monitor.Ended;

    /// <summary>Presses the power button: the guest shuts down if it wants to.</summary>
    public Task ShutDownAsync(CancellationToken cancellationToken) => _monitor.RunAsync("system_powerdown", null, cancellationToken);

    /// <summary>Presses the reset button.</summary>
    public Task ResetAsync(CancellationToken cancellationToken) => _monitor.RunAsync("system_reset", null, cancellationToken);

    /// <summary>Gives the guest one more disk while it runs.</summary>
    /// <exception cref="QmpException">QEMU refuses.</exception>
    public async Task AttachAsync(QemuDisk disk, CancellationToken cancellationToken)
    {
        // The human monitor ends a value at a space unless it is quoted (QEMU, monitor/hmp.c).
        string drive = QemuCommand.Drive(disk).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        await RunLineAsync($"drive_add 0 \"{drive}\"", cancellationToken).ConfigureAwait(false);
        var device = new JsonObject();
        foreach ((string name, string value) in QemuCommand.Device(disk))
        {
            device[name] = name is "scsi-id" or "lun" ? JsonValue.Create(int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)) : JsonValue.Create(value);
        }

        try
        {
            await _monitor.RunAsync("device_add", device, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // The drive has the file open, and nobody would ever close it.
            await RunLineAsync("drive_del drive-" + disk.Id, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes a data disk from the guest while it runs; its file is closed when this returns.</summary>
    /// <exception cref="QmpException">QEMU refuses.</exception>
    public async Task DetachAsync(int lun, CancellationToken cancellationToken)
    {
        string device = $"data{lun}";
        TaskCompletionSource left = _leaving.GetOrAdd(device, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _monitor.RunAsync("device_del", new JsonObject { ["id"] = device }, cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(left.Task, Ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _leaving.TryRemove(device, out _);
        }
    }

    /// <summary>Takes the provisioning media out of the drive, and removes them.</summary>
    /// <exception cref="QmpException">QEMU refuses.</exception>
    public async Task EjectAsync(CancellationToken cancellationToken)
    {
        await _monitor.RunAsync("eject", new JsonObject { ["id"] = "dvd", ["force"] = true }, cancellationToken).ConfigureAwait(false);
        ProvisioningMedia.Remove(_files.MediaPath);
    }

    /// <summary>Writes what the guest's screen shows to a file: a PNG.</summary>
    /// <exception cref="QmpException">QEMU refuses.</exception>
    /// <exception cref="IOException">QEMU is gone, its picture is none, or the file cannot be written.</exception>
    public Task SaveScreenAsync(string path, CancellationToken cancellationToken) => _qemu.HasPng
        ? _monitor.RunAsync("screendump", new JsonObject { ["filename"] = path, ["format"] = "png" }, cancellationToken)
        : ConvertScreenAsync(path, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        await _monitor.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_console, _network).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _files.Dispose();
        _stop.Dispose();
    }

    private static void RequireFirmware(QemuInstallation qemu, QemuGuestOptions options)
    {
        if (options.IsGeneration2 && qemu.Firmware is null)
        {
            throw new FabricException(
                HttpStatusCode.ServiceUnavailable, "HostNotAvailable", options.InstanceId, "A guest of generation 2 needs UEFI firmware (OVMF), and none was found.",
                "Install the package ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora).");
        }
    }

    private static FabricException NotStarted(QemuGuestOptions options, string said) => new(
        HttpStatusCode.InternalServerError, "InternalExecutionError", options.InstanceId, $"QEMU does not start the guest: {said}", "Look at the disks that it names.");

    private static async Task<QemuGuest> OpenAsync(
        QemuInstallation qemu, QemuFiles files, QemuProcess process, QemuGuestOptions options, Socket[] sockets, Segment segment, ConsoleLog log, Action<string, JsonObject> @event,
        CancellationToken cancellationToken)
    {
        var leaving = new ConcurrentDictionary<string, TaskCompletionSource>(StringComparer.Ordinal);
        void Take(string name, JsonObject data)
        {
            if (name == "DEVICE_DELETED" && data["device"]?.GetValue<string>() is { } device && leaving.TryRemove(device, out TaskCompletionSource? left))
            {
                left.SetResult();
            }

            @event(name, data);
        }

        try
        {
            QmpClient client = await QmpClient.OpenAsync(new NetworkStream(sockets[0], ownsSocket: true), Take, cancellationToken).ConfigureAwait(false);
            return new QemuGuest(qemu, files, process, client, leaving, sockets[1], sockets[2], log, segment);
        }
        catch (Exception exception) when (exception is IOException or QmpException)
        {
            sockets[1].Dispose();
            sockets[2].Dispose();
            Task end = await Task.WhenAny(process.Ended, Task.Delay(LongestFarewell, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
            throw NotStarted(options, end == process.Ended ? await process.Ended.ConfigureAwait(false) : exception.Message);
        }
    }

    private async Task ConvertScreenAsync(string path, CancellationToken cancellationToken)
    {
        string pixmap = Path.Combine(_files.Folder, $"{Guid.NewGuid():N}.ppm");
        try
        {
            await _monitor.RunAsync("screendump", new JsonObject { ["filename"] = pixmap }, cancellationToken).ConfigureAwait(false);
            if (new FileInfo(pixmap).Length > PortablePixmap.LongestFile)
            {
                throw new InvalidDataException($"The picture has more than {PortablePixmap.LongestFile} bytes.");
            }

            byte[] png = PortablePixmap.ToPng(await File.ReadAllBytesAsync(pixmap, cancellationToken).ConfigureAwait(false));
            await File.WriteAllBytesAsync(path, png, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw new IOException($"QEMU's picture of the screen cannot be read: {exception.Message}", exception);
        }
        finally
        {
            File.Delete(pixmap);
        }
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return socket;
    }

    private static async Task CopyConsoleAsync(Socket socket, ConsoleLog log, CancellationToken cancellationToken)
    {
        using (socket)
        {
            byte[] buffer = new byte[8192];
            while (await socket.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int count)
            {
                log.Write(buffer.AsSpan(0, count));
            }
        }
    }

    private static async Task CarryAsync(Socket socket, Segment segment, CancellationToken cancellationToken)
    {
        var link = new FrameLink(new NetworkStream(socket, ownsSocket: true));
        await using (link.ConfigureAwait(false))
        {
            await segment.RunAsync(link, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunLineAsync(string line, CancellationToken cancellationToken)
    {
        JsonNode? answer = await _monitor.RunAsync("human-monitor-command", new JsonObject { ["command-line"] = line }, cancellationToken).ConfigureAwait(false);

        // The human monitor has no errors, only words: "OK" for a drive.
        if (answer?.ToString().Trim() is { } words && words != "OK")
        {
            throw new QmpException(line.Split(' ')[0], words);
        }
    }
}
