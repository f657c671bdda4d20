using System.Text.RegularExpressions;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>What a line of a console says about a guest that will never be ready: firmware, boot loaders, kernels and initial RAM disks in their own words.</summary>
internal static partial class ConsoleVerdict
{
    // With the last stage at which its words mean that: what the firmware would say may also stand in a log that somebody writes to the console later.
    private static readonly (Regex Pattern, ConsoleStage Last, string Meaning)[] Known =
    [
        (RootMissing(), ConsoleStage.System, "The system's root file system is not found: the disk has another name or identifier here, or the initial RAM disk lacks the driver of its controller"),
        (RootBroken(), ConsoleStage.System, "The root file system is damaged, and waits for somebody to repair it"),
        (Emergency(), ConsoleStage.System, "The system stopped in its emergency mode, in which no agent starts"),
        (KernelPanic(), ConsoleStage.Login, "The kernel gave up"),
        (NoBootable(), ConsoleStage.Firmware, "The firmware finds nothing to start on the disk: no boot loader, or one for the other generation"),
        (NoSystem(), ConsoleStage.Loader, "The disk's boot code finds no operating system"),
        (LoaderLost(), ConsoleStage.Loader, "The boot loader does not find its files"),
    ];

    /// <summary>Why the guest will never be ready; null when the line does not say.</summary>
    /// <param name="line">A line of the console, or what there is of it.</param>
    /// <param name="stage">How far the guest has come.</param>
    public static string? Of(string line, ConsoleStage stage)
    {
        foreach ((Regex pattern, ConsoleStage last, string meaning) in Known)
        {
            if (stage <= last && pattern.Match(line) is { Success: true } match)
            {
                return $"{meaning}: \"{match.Value.Trim()}\".";
            }
        }

        return null;
    }

    private const int MatchLimit = 1000;

    [GeneratedRegex(@"Kernel panic - not syncing.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex KernelPanic();

    // SeaBIOS; OVMF, which starts its own shell when nothing else is left.
    [GeneratedRegex(@"No bootable device.*|BdsDxe: No bootable option or device was found.*|BdsDxe: loading Boot[0-9A-F]+ .EFI Internal Shell.|UEFI Interactive Shell.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex NoBootable();

    [GeneratedRegex(@"Missing operating system.*|Operating [Ss]ystem not found.*|Boot error", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex NoSystem();

    [GeneratedRegex(@"grub rescue>|Failed to load ldlinux\.c32.*|BOOTMGR is missing.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoaderLost();

    // initramfs-tools; dracut; the kernel by itself, of which each ends in a panic.
    [GeneratedRegex(
        @"ALERT!.*does not exist.*|dracut.*Could not boot.*|(?:Kernel panic - not syncing: )?VFS: Unable to mount root fs.*|Cannot open root device.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex RootMissing();

    // fsck; initramfs-tools.
    [GeneratedRegex(@".*UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.*|The root filesystem on .* requires a manual fsck.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex RootBroken();

    // systemd, sulogin; dracut.
    [GeneratedRegex(@"You are in emergency mode.*|Cannot open access to console, the root account is locked.*|Entering emergency mode\. Exit the shell.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex Emergency();
}
