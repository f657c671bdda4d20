using System.Text.RegularExpressions;
using AzureVmRole.Fabric.Guests.Beats;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>Reads along what a guest writes to its console. Safe for several threads.</summary>
/// <param name="clock">The time.</param>
internal sealed partial class ConsoleWatch(TimeProvider clock)
{
    private const int MatchLimit = 1000;

    private static readonly (Regex Pattern, ConsoleStage Stage)[] Stages =
    [
        (LoginWords(), ConsoleStage.Login),
        (SystemWords(), ConsoleStage.System),
        (KernelWords(), ConsoleStage.Kernel),
        (LoaderWords(), ConsoleStage.Loader),
        (FirmwareWords(), ConsoleStage.Firmware),
    ];

    private readonly Lock _lock = new();
    private string _prompt = "";
    private bool _isAgentNamed;

    /// <summary>The furthest that it came since the firmware started last.</summary>
    public ConsoleStage Stage { get; private set; }

    /// <summary>When it came so far; null before the first stage.</summary>
    public DateTimeOffset? StageAt { get; private set; }

    /// <summary>When something was written last; null before.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>Why the guest will never be ready, in the words of the console; null when it does not say so.</summary>
    public string? Verdict { get; private set; }

    /// <summary>How far the system is with its services: systemd names each one that it starts, and then the target that it reached, unless it is told to start quietly.</summary>
    public ServiceStart Services { get; private set; }

    /// <summary>Takes a line.</summary>
    /// <returns>Whether it brought the verdict.</returns>
    public bool Take(string line)
    {
        lock (_lock)
        {
            HeardAt = clock.GetUtcNow();
            ConsoleStage reached = Stages.FirstOrDefault(known => known.Pattern.IsMatch(line)).Stage;
            if (reached > Stage || reached == ConsoleStage.Firmware)
            {
                (Stage, StageAt) = (reached, HeardAt);
            }

            WatchServices(line, reached);

            if (Verdict is not null || ConsoleVerdict.Of(line, Stage) is not { } verdict)
            {
                return false;
            }

            Verdict = verdict;
            return true;
        }
    }

    /// <summary>Takes what stands on the last line so far: who asks for something waits there, and ends no line.</summary>
    public void TakePrompt(string text)
    {
        if (text.Length > 0 && Interlocked.Exchange(ref _prompt, text) != text)
        {
            Take(text);
        }
    }

    /// <summary>The guest restarted: what was said of its services counts no more.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            Services = ServiceStart.Unknown;
            _isAgentNamed = false;
        }
    }

    private void WatchServices(string line, ConsoleStage reached)
    {
        if (reached == ConsoleStage.Firmware)
        {
            Restart();
        }

        _isAgentNamed |= AgentWords().IsMatch(line);
        if (Services >= ServiceStart.DoneWithoutAgent)
        {
            return;
        }

        // Whoever told only of the last target began to tell in the middle, as systemd does when a quiet start goes wrong: services were left out.
        if (Services >= ServiceStart.Running && StartedWords().IsMatch(line))
        {
            Services = _isAgentNamed ? ServiceStart.DoneWithAgent : ServiceStart.DoneWithoutAgent;
        }
        else if (Services == ServiceStart.Running && reached == ConsoleStage.Login)
        {
            Services = ServiceStart.Prompted;
        }
        else if (EarlyWords().IsMatch(line))
        {
            Services = ServiceStart.Running;
        }
    }

    // "Debian GNU/Linux 12 web1 ttyS0" is what stands above the prompt.
    [GeneratedRegex(@"\S login: *$| tty[A-Z]+\d+ *$", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoginWords();

    // Debian and Ubuntu call the service walinuxagent, others waagent.
    [GeneratedRegex("walinuxagent|waagent|Azure Linux Agent", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex AgentWords();

    // "Reached target multi-user.target - Multi-User System." The unit's name came with systemd 249; before it was the description alone.
    [GeneratedRegex(@"Reached target .*(?:multi-user\.target|Multi-User System)", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex StartedWords();

    // What every service is started after.
    [GeneratedRegex(@"Reached target .*(?:basic\.target|Basic System)", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex EarlyWords();

    [GeneratedRegex(@"systemd\[1\]: |Welcome to .*!|Reached target |INIT: version", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex SystemWords();

    [GeneratedRegex(@"Linux version \d|Run /\S+ as init process", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex KernelWords();

    [GeneratedRegex(@"SYSLINUX|GRUB|Loading vmlinuz|EFI stub", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoaderWords();

    [GeneratedRegex(@"SeaBIOS \(version|BdsDxe: ", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex FirmwareWords();
}
