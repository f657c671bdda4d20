using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Hosts.Qemu;

internal sealed partial class QemuBoot
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private int _writtenLines;
    private bool _isEjected;
    private volatile bool _isProvisioned;

    /// <summary>Looks at the guest whenever there is news, and from time to time: resets it when it is silent, takes its secrets away when it needs them no more, and reports.</summary>
    private async Task<QemuEnd> WatchAsync()
    {
        try
        {
            while (!_guest.Ended.IsCompleted)
            {
                _services.Note(_trace.Services);
                BeatVerdict verdict = _services.Beats.Look(_options.Clock.GetUtcNow());
                await ActAsync(verdict).ConfigureAwait(false);
                _see(Describe(verdict));
                if (_trace.Lines != _writtenLines)
                {
                    WriteConsole();
                }

                await AwaitNewsAsync(verdict).ConfigureAwait(false);
            }

            // Whether the guest shut down is among the monitor's last words.
            string said = await _guest.Ended.ConfigureAwait(false);
            await _guest.MonitorEnded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new QemuEnd(!_trace.HasShutDown && _trace.ShutDownUntil is null, said);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return new QemuEnd(IsCrash: false, "");
        }
        finally
        {
            WriteConsole();
        }
    }

    private async Task AwaitNewsAsync(BeatVerdict verdict)
    {
        TimeSpan wait = verdict.LookAgainAt - _options.Clock.GetUtcNow() is { } due && due < BetweenLooks ? due : BetweenLooks;
        Task<bool> news = _news.WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _stop.Token);
        if (await Task.WhenAny(news, _guest.Ended).ConfigureAwait(false) == news)
        {
            await news.ConfigureAwait(false);
        }
    }

    private async Task ActAsync(BeatVerdict verdict)
    {
        try
        {
            if (_trace.ShutDownUntil is { } until)
            {
                await PressPowerAsync(until).ConfigureAwait(false);
                return;
            }

            if (verdict.IsResetDue)
            {
                _options.Log.WriteWarning($"The guest of '{Order.Name}' is silent: it is reset.", null);
                await DiagnoseAsync(_stop.Token).ConfigureAwait(false);
                await _guest.ResetAsync(_stop.Token).ConfigureAwait(false);
                _services.Note((beats, now) => beats.Reset(now));
            }

            if (_services.Beats.EjectedAt is not null && !_isEjected && !_isProvisioned)
            {
                await EjectAsync().ConfigureAwait(false);
            }

            if (verdict is { Phase: GuestPhase.Ready, IsFinal: true } && !_isProvisioned)
            {
                await ForgetSecretsAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (IsRefusal(exception))
        {
            // The guest is ending, which the watch sees; else it is asked again at the next look.
            _options.Log.WriteWarning($"QEMU did not do what was asked of it for '{Order.Name}'.", exception);
        }
    }

    private async Task PressPowerAsync(DateTimeOffset until)
    {
        if (_options.Clock.GetUtcNow() >= until)
        {
            _options.Log.WriteWarning($"The guest of '{Order.Name}' did not shut down in time: it is turned off.", null);
            await _guest.DisposeAsync().ConfigureAwait(false);
            return;
        }

        // A guest that is still booting does not hear it: it is pressed at every look.
        await _guest.ShutDownAsync(_stop.Token).ConfigureAwait(false);
    }

    /// <summary>The guest is provisioned: media, password and custom data are gone from here.</summary>
    private async Task ForgetSecretsAsync()
    {
        if (!_isEjected)
        {
            await EjectAsync().ConfigureAwait(false);
        }

        _options.Secrets.Forget(Order.InstanceId, _secrets);
        _services.Change(identity => identity with { AdminPassword = null, CustomData = null, UserData = null });
        _isProvisioned = true;
    }

    private async Task EjectAsync()
    {
        await _guest.EjectAsync(_stop.Token).ConfigureAwait(false);
        _isEjected = true;
    }

    private GuestReport Describe(BeatVerdict verdict)
    {
        GuestBeats beats = _services.Beats;
        string? reset = beats.ResetAt is { } at ? $"It was reset at {at:HH:mm:ss} UTC because it was silent. " : null;
        (GuestProvisioning provisioning, string? message) = verdict.Phase switch
        {
            GuestPhase.Ready when verdict.IsFinal || _isProvisioned => (GuestProvisioning.Succeeded, null),
            GuestPhase.Ready => (GuestProvisioning.InProgress, $"{beats.Agent ?? "The agent"} reported Ready; another agent may follow."),
            GuestPhase.Failed => (GuestProvisioning.Failed, verdict.Message),
            _ => (GuestProvisioning.InProgress, _trace.ConsoleVerdict ?? verdict.Message ?? LastStep(beats)),
        };
        return Report(_trace.ShutDownUntil is null ? GuestPower.Running : GuestPower.Stopping, provisioning, (reset + message)?.TrimEnd() is { Length: > 0 } text ? text : null);
    }

    private static string? LastStep(GuestBeats beats) => beats.Steps is [.., { } step]
        ? $"{step.What}{(step.Agent is null ? "" : $" ({step.Agent})")}, {(int)(step.At - beats.StartedAt).TotalSeconds} s after its start."
        : null;

    /// <summary>What is known of a guest that does not run any more.</summary>
    public GuestReport ReportEnd(string? message) => Report(GuestPower.Stopped, GuestProvisioning.None, message);

    private GuestReport Report(GuestPower power, GuestProvisioning provisioning, string? message)
    {
        // The version of Azure's own agent stands alone, as there; others are named.
        GuestBeats beats = _services.Beats;
        string? agent = beats.Agent == "WALinuxAgent" ? beats.AgentVersion ?? beats.Agent : beats.AgentVersion is { } version ? $"{beats.Agent} {version}" : beats.Agent;
        string? endpoint = power is GuestPower.Running or GuestPower.Stopping ? _forward.Endpoint.ToString() : null;
        return new GuestReport(
            Order.Boot, power, provisioning, message, agent, [.. _dataDisks.Select(disk => disk.Lun).Order()], _options.Clock.GetUtcNow(), _files.AccessAt(endpoint, GuestPort));
    }

    private void WriteConsole()
    {
        _writtenLines = _trace.Lines;
        try
        {
            _console.Write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _options.Log.WriteWarning($"The console of '{Order.Name}' could not be written to '{_files.ConsolePath}'.", exception);
        }
    }
}
