using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Hosts.Qemu;

namespace AzureVmRole.Fabric.Proofs;

/// <content>When it is certain what becomes of the guest.</content>
public sealed partial class ImageProof
{
    private const int PatienceFactor = 3;

    private static readonly TimeSpan OtherPatience = TimeSpan.FromMinutes(1);

    /// <summary>How often prompts are looked for, which end no line.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(2);

    private void See(string line)
    {
        _options.Line?.Invoke(line);
        if (_watch.Take(line))
        {
            _news.Release();
        }
    }

    private void Note(GuestServices services, string name, JsonObject data)
    {
        if (name == "RESET" && data["guest"]?.GetValue<bool>() == true)
        {
            _watch.Restart();
            services.Note((beats, now) => beats.Reboot(now));
        }
        else if (name == "DEVICE_TRAY_MOVED" && data["tray-open"]?.GetValue<bool>() == true)
        {
            services.Note((beats, now) => beats.Eject(now));
        }
    }

    private static async Task NoteEndAsync(GuestServices services, QemuGuest guest)
    {
        string said = await guest.Ended.ConfigureAwait(false);
        services.Note((beats, now) => beats.End(now, said));
    }

    private async Task<BeatVerdict> AwaitVerdictAsync(GuestServices services, ConsoleLog console, ProofKey key, CancellationToken time, CancellationToken cancellationToken)
    {
        int told = 0;
        while (true)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            _watch.TakePrompt(console.Unfinished);
            services.Note(_watch.Services);
            GuestBeats beats = services.Beats;
            told = Tell(beats, told);
            BeatVerdict verdict = beats.Look(now);
            if (FindFailure(beats, verdict, now) is { } reason)
            {
                return new BeatVerdict(GuestPhase.Failed, reason, IsResetDue: false, IsFinal: true, LookAgainAt: null);
            }

            if (verdict.Phase == GuestPhase.Ready && _options.OSType == "Linux")
            {
                _ssh ??= SshClient.TryAsync(services.Segment, key, UserName, _clock, time);
            }

            if (verdict.IsFinal)
            {
                return verdict;
            }

            TimeSpan wait = (verdict.LookAgainAt ?? now + _options.Limit) - now;
            await _news.WaitAsync(wait < LookPeriod ? wait : LookPeriod, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Why the guest will not be ready, or was not in time; null when it may still be, or an agent said why itself.</summary>
    private string? FindFailure(GuestBeats beats, BeatVerdict verdict, DateTimeOffset now)
    {
        if (verdict.Phase != GuestPhase.Ready && _watch.Verdict is { } said)
        {
            return said;
        }

        if (verdict.Phase is GuestPhase.Ready or GuestPhase.Failed)
        {
            return verdict is { Phase: GuestPhase.Ready, IsFinal: true } ? ProofReason.OfReady(beats) : null;
        }

        if (verdict.Phase == GuestPhase.TimedOut)
        {
            return ProofReason.Of(beats, _watch.Stage, $"not ready after {_options.Limit}");
        }

        TimeSpan patience = Patience(beats);
        bool isDone = beats.IsAgentHeard ? ProofReason.IsPastProvisioning(beats) : _watch.Stage == ConsoleStage.Login || IsWithoutAgent(beats);
        return isDone && now - LastNews(beats) >= patience
            ? ProofReason.Of(beats, _watch.Stage, $"nothing new was seen of it for {(int)patience.TotalSeconds} s")
            : null;
    }

    private static bool IsWithoutAgent(GuestBeats beats) => !beats.IsAgentHeard && beats.Services == ServiceStart.DoneWithoutAgent;

    /// <summary>
    /// An agent starts beside the login prompt, or after it: it may take as long as everything before, and a system waits two minutes for a network that does not come. cloud-init would
    /// have been heard of before all services were started: a system that has none of the known agents may have another one, which needs less.
    /// </summary>
    private TimeSpan Patience(GuestBeats beats)
    {
        TimeSpan started = _watch.StageAt - beats.StartedAt ?? TimeSpan.Zero;
        bool isShort = IsWithoutAgent(beats) && _options.Patience > OtherPatience;
        TimeSpan least = isShort ? OtherPatience : _options.Patience;
        TimeSpan slow = isShort ? started : started * PatienceFactor;
        return slow > least ? slow : least;
    }

    private DateTimeOffset LastNews(GuestBeats beats)
    {
        DateTimeOffset step = beats.Steps.Count > 0 ? beats.Steps[^1].At : beats.StartedAt;
        return _watch.HeardAt > step ? _watch.HeardAt.Value : step;
    }

    private int Tell(GuestBeats beats, int told)
    {
        foreach (GuestStep step in beats.Steps.Skip(told))
        {
            _options.Step?.Invoke(StepOf(beats, step));
        }

        return beats.Steps.Count;
    }

    private static ImageProofStep StepOf(GuestBeats beats, GuestStep step) =>
        new(step.At - beats.StartedAt, step.Boot, step.Agent is null ? step.What : $"{step.What} ({step.Agent})");
}
