using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Proofs;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>What was seen of a boot beside its network: monitor's events and console.</summary>
/// <param name="clock">The time.</param>
internal sealed class GuestTrace(TimeProvider clock)
{
    private volatile ConsoleWatch _console = new(clock);
    private volatile bool _hasShutDown;
    private volatile StrongBox<DateTimeOffset>? _shutDownUntil;
    private int _lines;

    /// <summary>Whether the guest turned itself off.</summary>
    public bool HasShutDown => _hasShutDown;

    /// <summary>What the console said of a guest that will hardly get ready; null when nothing.</summary>
    public string? ConsoleVerdict => _console.Verdict;

    /// <inheritdoc cref="ConsoleWatch.Services"/>
    public ServiceStart Services => _console.Services;

    /// <summary>How many lines the console has had.</summary>
    public int Lines => Volatile.Read(ref _lines);

    /// <summary>When a guest that is to shut down is turned off; null when it is to run.</summary>
    public DateTimeOffset? ShutDownUntil
    {
        get => _shutDownUntil?.Value;
        set => _shutDownUntil = value is { } until ? new StrongBox<DateTimeOffset>(until) : null;
    }

    /// <summary>Takes a line of the console.</summary>
    public void SeeLine(string line)
    {
        Interlocked.Increment(ref _lines);
        _console.Take(line);
    }

    /// <summary>Takes an event of the monitor.</summary>
    public void Take(GuestServices services, string name, JsonObject data)
    {
        switch (name)
        {
            case "RESET":
                _console = new ConsoleWatch(clock);
                if (data["guest"]?.GetValue<bool>() == true)
                {
                    services.Note((beats, now) => beats.Reboot(now));
                }

                break;
            case "DEVICE_TRAY_MOVED" when data["tray-open"]?.GetValue<bool>() == true:
                services.Note((beats, now) => beats.EjectedAt is null ? beats.Eject(now) : beats);
                break;
            case "SHUTDOWN" when data["guest"]?.GetValue<bool>() == true:
                _hasShutDown = true;
                break;
        }
    }
}
