namespace AzureVmRole.Fabric.Guests.Beats;

/// <summary>
/// What is known of a guest from its signals, its boots and its drive; immutable and without a clock. <see cref="Look"/> says what it means. Polls of the goal state, statuses
/// and health reports are beats: after a reboot no agent reports its health again, so all three count.
/// </summary>
internal sealed partial record GuestBeats
{
    /// <summary>The step of a guest that asked for an address.</summary>
    public const string AddressAsked = "Asked for an address";

    /// <summary>The step of a guest that has one.</summary>
    public const string AddressTaken = "Took the address";

    /// <summary>The step of an agent that stays and works.</summary>
    public const string StatusPut = "Put its status";

    /// <summary>The step of an agent that is done with provisioning.</summary>
    public const string ReadyReported = "Reported Ready";

    /// <summary>How the step of an agent begins that is not, or not yet: what it says follows.</summary>
    public const string NotReadyReported = "Reported NotReady";

    private const int MostSteps = 64;

    private GuestBeats(BeatOptions options, DateTimeOffset at)
    {
        Options = options;
        StartedAt = at;
        BootedAt = at;
    }

    /// <summary>How long what may take.</summary>
    public BeatOptions Options { get; private init; }

    /// <summary>The first boot.</summary>
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>The present boot.</summary>
    public DateTimeOffset BootedAt { get; private init; }

    /// <summary>How many boots there were, from 1: more after resets and reboots.</summary>
    public int Boots { get; private init; } = 1;

    /// <summary>The last beat of any boot; null before the first.</summary>
    public DateTimeOffset? LastBeatAt { get; private init; }

    /// <summary>The last reset for silence that is not forgiven; null for none.</summary>
    public DateTimeOffset? ResetAt { get; private init; }

    /// <summary>When the guest let go of the provisioning media; null before.</summary>
    public DateTimeOffset? EjectedAt { get; private init; }

    /// <summary>When the guest's process ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; private init; }

    /// <summary>The first Ready ever; null before. From then on the guest needs its secrets no more, unless a second agent follows.</summary>
    public DateTimeOffset? ProvisionedAt { get; private init; }

    /// <summary>Who beats, or beat last; null when nobody said.</summary>
    public string? Agent { get; private init; }

    /// <summary>Its version; null when nobody said.</summary>
    public string? AgentVersion { get; private init; }

    /// <summary>First times, in their order: at most 64.</summary>
    public IReadOnlyList<GuestStep> Steps { get; private init; } = [];

    /// <summary>The last health report, or null before the first.</summary>
    private GuestSignal? Health { get; init; }

    /// <summary>The last word of an agent that gave up in this boot.</summary>
    private GuestSignal? Failure { get; init; }

    /// <summary>A beat other than a report came after the last Ready: an agent stays that can be expected to beat on.</summary>
    private bool IsBeating { get; init; }

    /// <summary>Something of the present boot was heard that shows an agent at work.</summary>
    public bool IsAgentHeard { get; private init; }

    /// <summary>How far the present boot is with the system's services.</summary>
    public ServiceStart Services { get; private init; }

    private DateTimeOffset? ServicesAt { get; init; }

    private bool HasBeatenThisBoot => LastBeatAt >= BootedAt;

    private string? EndMessage { get; init; }

    /// <summary>A guest that is started.</summary>
    public static GuestBeats Start(BeatOptions options, DateTimeOffset at) => new GuestBeats(options, at).Step(at, "Started", agent: null);

    /// <summary>Takes a signal in.</summary>
    public GuestBeats Take(GuestSignal signal)
    {
        GuestBeats next = this with { Agent = signal.Agent ?? Agent, AgentVersion = signal.AgentVersion ?? AgentVersion };
        return signal.Kind switch
        {
            GuestSignalKind.AddressAsked => next.Step(signal.At, AddressAsked, signal.Agent),
            GuestSignalKind.AddressTaken => next.Step(signal.At, AddressTaken, signal.Agent),
            GuestSignalKind.MetadataRead => (next with { IsAgentHeard = true }).Step(signal.At, "Read the metadata", signal.Agent),
            GuestSignalKind.GoalStatePolled => next.Beat(signal.At, isReport: false).Step(signal.At, "Asked for the goal state", signal.Agent),
            GuestSignalKind.StatusPut => next.Beat(signal.At, isReport: false).Step(signal.At, StatusPut, signal.Agent),
            GuestSignalKind.Ready => next.TakeReady(signal),
            GuestSignalKind.NotReady => next.TakeNotReady(signal),
            _ => next,
        };
    }

    /// <summary>The guest restarted by itself: what failed may go better now.</summary>
    public GuestBeats Reboot(DateTimeOffset at) => Boot(at).Step(at, "Restarted", agent: null);

    /// <summary>The guest was reset because it was silent.</summary>
    public GuestBeats Reset(DateTimeOffset at) => (Boot(at) with { ResetAt = at }).Step(at, "Was reset after silence", agent: null);

    /// <summary>The guest let go of the provisioning media: an agent has read it.</summary>
    public GuestBeats Eject(DateTimeOffset at) => (this with { EjectedAt = EjectedAt ?? at, IsAgentHeard = true }).Step(at, "Ejected the provisioning media", agent: null);

    /// <summary>The guest's process ended.</summary>
    /// <param name="at">When.</param>
    /// <param name="message">Why, for a guest that was not ready yet.</param>
    public GuestBeats End(DateTimeOffset at, string message) => (this with { EndedAt = at, EndMessage = message }).Step(at, "Ended", agent: null);

    /// <summary>The console told how far the system is with its services.</summary>
    public GuestBeats Take(ServiceStart services, DateTimeOffset at)
    {
        GuestBeats next = services == Services ? this : this with { Services = services, ServicesAt = at };
        return services >= ServiceStart.DoneWithoutAgent ? next.Step(at, "Started all services", agent: null) : next;
    }

    private GuestBeats Boot(DateTimeOffset at) => this with
    {
        Services = ServiceStart.Unknown,
        ServicesAt = null,
        BootedAt = at,
        Boots = Boots + 1,
        Failure = null,
        IsAgentHeard = false,
        EndedAt = null,
        EndMessage = null,
    };

    private GuestBeats Beat(DateTimeOffset at, bool isReport)
    {
        bool isForgiven = ResetAt is { } reset && at - reset >= Options.Forgiveness;
        return this with
        {
            LastBeatAt = LastBeatAt > at ? LastBeatAt : at,
            IsAgentHeard = true,
            IsBeating = IsBeating || !isReport,
            ResetAt = isForgiven ? null : ResetAt,
        };
    }

    private GuestBeats TakeReady(GuestSignal signal)
    {
        GuestBeats next = Beat(signal.At, isReport: true) with { Health = signal, IsBeating = false, ProvisionedAt = ProvisionedAt ?? signal.At };
        return next.Step(signal.At, ReadyReported, signal.Agent);
    }

    private GuestBeats TakeNotReady(GuestSignal signal)
    {
        GuestBeats next = Beat(signal.At, isReport: true) with { Health = signal };
        if (IsFailure(signal))
        {
            next = next with { Failure = Failure ?? signal };
        }

        string what = string.Join(": ", new[] { NotReadyReported, signal.SubStatus, signal.Description }.OfType<string>());
        return next.Step(signal.At, what, signal.Agent);
    }

    private static bool IsFailure(GuestSignal signal) => string.Equals(signal.SubStatus, "ProvisioningFailed", StringComparison.OrdinalIgnoreCase);

    private GuestBeats Step(DateTimeOffset at, string what, string? agent)
    {
        bool isKnown = Steps.Any(step => step.Boot == Boots && step.What == what && step.Agent == agent);
        return isKnown || Steps.Count == MostSteps ? this : this with { Steps = [.. Steps, new GuestStep(at, Boots, what, agent)] };
    }
}
