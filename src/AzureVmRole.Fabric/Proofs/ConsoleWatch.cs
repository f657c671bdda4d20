using System.Text.RegularExpressions;

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

    /// <summary>The furthest that it came since the firmware started last.</summary>
    public ConsoleStage Stage { get; private set; }

    /// <summary>When it came so far; null before the first stage.</summary>
    public DateTimeOffset? StageAt { get; private set; }

    /// <summary>When something was written last; null before.</summary>
    public DateTimeOffset? HeardAt { get; private set; }

    /// <summary>Why the guest will never be ready, in the words of the console; null when it does not say so.</summary>
    public string? Verdict { get; private set; }

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

    // "Debian GNU/Linux 12 web1 ttyS0" is what stands above the prompt.
    [GeneratedRegex(@"\S login: *$| tty[A-Z]+\d+ *$", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoginWords();

    [GeneratedRegex(@"systemd\[1\]: |Welcome to .*!|Reached target |INIT: version", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex SystemWords();

    [GeneratedRegex(@"Linux version \d|Run /\S+ as init process", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex KernelWords();

    [GeneratedRegex(@"SYSLINUX|GRUB|Loading vmlinuz|EFI stub", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoaderWords();

    [GeneratedRegex(@"SeaBIOS \(version|BdsDxe: ", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex FirmwareWords();
}
