using System.Text.RegularExpressions;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>What a line of a console says about a guest that will never be ready: firmware, boot loaders, kernels and initial RAM disks in their own words.</summary>
internal static partial class ConsoleVerdict
{
    private static readonly (Regex Pattern, string Meaning)[] Known =
    [
        (KernelPanic(), "The kernel gave up"),
        (NoBootable(), "The firmware finds nothing to start on the disk: no boot loader, or one for the other generation"),
        (NoSystem(), "The disk's boot code finds no operating system"),
        (LoaderLost(), "The boot loader does not find its files"),
        (RootMissing(), "The system's root file system is not found: the disk has another name or identifier here, or the initial RAM disk lacks its driver"),
    ];

    /// <summary>Why the guest will never be ready; null when the line does not say.</summary>
    public static string? Of(string line)
    {
        foreach ((Regex pattern, string meaning) in Known)
        {
            if (pattern.Match(line) is { Success: true } match)
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
    [GeneratedRegex(@"No bootable device.*|BdsDxe: No bootable option or device was found.*|BdsDxe: loading Boot[0-9A-F]+ .EFI Internal Shell.", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex NoBootable();

    [GeneratedRegex(@"Missing operating system.*|Operating [Ss]ystem not found.*|Boot error", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex NoSystem();

    [GeneratedRegex(@"grub rescue>|Failed to load ldlinux\.c32.*|BOOTMGR is missing.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex LoaderLost();

    // initramfs-tools; dracut; the kernel by itself.
    [GeneratedRegex(@"Gave up waiting for root .*|ALERT!.*does not exist.*|dracut.*Could not boot.*|VFS: Unable to mount root fs.*|Cannot open root device.*", RegexOptions.CultureInvariant, MatchLimit)]
    private static partial Regex RootMissing();
}
