namespace AzureVmRole.Fabric.Guests.Beats;

internal sealed partial record GuestBeats
{
    private const double SettlingFactor = 2;
    private const double StartingFactor = 4;

    /// <summary>What is known means this at a moment.</summary>
    /// <remarks>
    /// Silence counts while the guest is being provisioned, and afterwards once an agent has polled or put a status since its Ready: cloud-init alone falls silent for good
    /// when it is done. A failure is final for its boot.
    /// </remarks>
    public BeatVerdict Look(DateTimeOffset now)
    {
        if (Failure is { } failure)
        {
            return Final(GuestPhase.Failed, failure.Description ?? "The agent reported that provisioning failed, and not why.");
        }

        bool isReady = Options.IsProvisioned ? IsAgentHeard || ProvisionedAt is not null : ProvisionedAt is not null && Health?.Kind == GuestSignalKind.Ready;
        if (EndedAt is not null)
        {
            return isReady || Options.IsProvisioned
                ? Final(isReady ? GuestPhase.Ready : GuestPhase.Starting, EndMessage)
                : Final(GuestPhase.Failed, $"The guest ended before it was ready. {EndMessage}".TrimEnd());
        }

        DateTimeOffset? silentAt = SilentAt(isReady);
        bool isSilent = silentAt <= now;
        if (isSilent && ResetAt is not null)
        {
            return Final(GuestPhase.Failed, $"There was no beat for {SilenceLimit}, again after a reset. {LastWords()}".TrimEnd());
        }

        // A guest that was ready and is no more has its time from then on.
        DateTimeOffset timeOutAt = (ProvisionedAt is null ? StartedAt : Health?.At ?? StartedAt) + Options.Provisioning;
        if (isReady)
        {
            DateTimeOffset? settledAt = SettledAt();
            bool isSettled = settledAt is null || settledAt <= now;
            return new BeatVerdict(GuestPhase.Ready, null, isSilent, isSettled && !isSilent, Earliest(now, silentAt, settledAt));
        }

        if (!Options.IsProvisioned && timeOutAt <= now)
        {
            return new BeatVerdict(GuestPhase.TimedOut, $"Not ready after {Options.Provisioning}. {LastWords()}".TrimEnd(), isSilent, IsFinal: true, Earliest(now, silentAt));
        }

        GuestPhase phase = IsAgentHeard ? GuestPhase.Provisioning : GuestPhase.Starting;
        return new BeatVerdict(phase, Health?.Description, isSilent, IsFinal: false, Earliest(now, silentAt, Options.IsProvisioned ? null : timeOutAt));
    }

    private TimeSpan SilenceLimit => HasBeatenThisBoot ? Options.Silence : Options.FirstContact;

    /// <summary>When the guest's silence has lasted too long; null when nothing need be heard from it.</summary>
    private DateTimeOffset? SilentAt(bool isReady)
    {
        bool isExpected = IsBeating || (!isReady && !Options.IsProvisioned);
        if (!isExpected)
        {
            return null;
        }

        return HasBeatenThisBoot ? LastBeatAt + Options.Silence : BootedAt + Options.FirstContact;
    }

    /// <summary>
    /// When nobody who has more to do is expected any more after a Ready. cloud-init reports it before the network is up, and a second agent comes at the end of the boot: nobody
    /// comes when all services were started and that agent is not one of them. A slow guest is slow for both: while its services start, and after them, it has a multiple of the time
    /// that the first's Ready took.
    /// </summary>
    private DateTimeOffset? SettledAt()
    {
        // Azure's own agent is the last one; a report that does not say whose it is may be cloud-init's.
        if (Services == ServiceStart.DoneWithoutAgent || Health is not { Agent: null or "cloud-init" } health)
        {
            return null;
        }

        TimeSpan multiple = (health.At - BootedAt) * SettlingFactor;
        TimeSpan slow = multiple > Options.Settling ? multiple : Options.Settling;
        GuestStep? other = Steps.LastOrDefault(step => step.At > health.At && step.Agent is not null && step.Agent != health.Agent);
        DateTimeOffset last = other?.At ?? health.At;
        DateTimeOffset settled = Services switch
        {
            ServiceStart.Running => last + (slow * StartingFactor),
            ServiceStart.Prompted or ServiceStart.DoneWithAgent when ServicesAt > last => ServicesAt.Value + slow,
            _ => last + slow,
        };

        // Whoever gave it so much time takes Ready for an answer then.
        DateTimeOffset limit = StartedAt + Options.Provisioning;
        return settled > limit && health.At < limit ? limit : settled;
    }

    private static BeatVerdict Final(GuestPhase phase, string? message) => new(phase, message, IsResetDue: false, IsFinal: true, LookAgainAt: null);

    private static DateTimeOffset? Earliest(DateTimeOffset now, params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (DateTimeOffset? time in times)
        {
            if (time > now && !(earliest <= time))
            {
                earliest = time;
            }
        }

        return earliest;
    }

    /// <summary>What the guest did last, for a message about what it did not do.</summary>
    public string LastWords() => Steps.LastOrDefault(step => step.Boot == Boots && step.What is not ("Started" or "Restarted" or "Was reset after silence")) is { } step
        ? $"Last seen: {step.What}{(step.Agent is null ? "" : $" ({step.Agent})")}, {(int)(step.At - BootedAt).TotalSeconds} s after its start."
        : "Nothing was heard from it.";
}
