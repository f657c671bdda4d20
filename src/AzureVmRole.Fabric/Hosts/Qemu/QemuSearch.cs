using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>Finds QEMU and what belongs to it.</summary>
internal static partial class QemuSearch
{
    private const string Program = "qemu-system-x86_64";

    /// <summary>A boot sector (16-bit code) that leaves QEMU by its debug exit: <c>mov al, 0x31; out 0xf4, al; hlt</c>.</summary>
    private static readonly byte[] Probe = [0xb0, 0x31, 0xe6, 0xf4, 0xf4];

    /// <summary>What QEMU ends with then: twice the value plus one (QEMU, hw/misc/debugexit.c).</summary>
    private const int ProbeExit = (0x31 << 1) | 1;

    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(10);

    // Debian and Ubuntu; Fedora; Arch; openSUSE; Homebrew.
    private static readonly (string Code, string Variables)[] Firmwares =
    [
        ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
        ("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
        ("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
        ("/usr/share/qemu/ovmf-x86_64-code.bin", "/usr/share/qemu/ovmf-x86_64-vars.bin"),
        ("/opt/homebrew/share/qemu/edk2-x86_64-code.fd", "/opt/homebrew/share/qemu/edk2-i386-vars.fd"),
        ("/usr/local/share/qemu/edk2-x86_64-code.fd", "/usr/local/share/qemu/edk2-i386-vars.fd"),
    ];

    /// <summary>Finds QEMU.</summary>
    /// <param name="searchPath">The folders to look in, as PATH has them; null for this process's.</param>
    /// <param name="scratchPath">A folder for the probe's disk.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="FabricException">There is none, or it is too old.</exception>
    public static async Task<QemuInstallation> FindAsync(string? searchPath, string scratchPath, CancellationToken cancellationToken)
    {
        string path = RequireProgram(searchPath);
        (int? exit, string output, _) = await LocalProgram.RunAsync(path, ["-version"], LongestProbe, cancellationToken).ConfigureAwait(false);
        Match match = VersionText().Match(output);
        if (exit != 0 || !match.Success)
        {
            throw Missing($"'{path} -version' does not tell a version.");
        }

        var version = new Version(match.Groups["number"].Value);
        if (version < QemuInstallation.Oldest)
        {
            throw Missing($"'{path}' is QEMU {version}; {QemuInstallation.Oldest} or later is needed.");
        }

        QemuFirmware? firmware = Firmwares.Where(pair => File.Exists(pair.Code) && File.Exists(pair.Variables))
            .Select(pair => new QemuFirmware(pair.Code, pair.Variables)).FirstOrDefault();
        return new QemuInstallation(path, version, firmware, await ChooseAcceleratorAsync(path, scratchPath, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The program's absolute path; null where it is not installed.</summary>
    public static string? FindProgram(string? searchPath) => LocalProgram.Find(Program, searchPath);

    /// <summary>The program's absolute path.</summary>
    /// <exception cref="FabricException">HostNotAvailable: it is not installed.</exception>
    public static string RequireProgram(string? searchPath) => FindProgram(searchPath) ?? throw Missing($"There is no '{Program}' on the PATH.");

    /// <summary>
    /// A device that can be opened proves nothing: nested virtualization may hang, or take longer than emulation. Hardware is used where a guest that
    /// does nothing starts on it at least as fast.
    /// </summary>
    private static async Task<string> ChooseAcceleratorAsync(string program, string scratchPath, CancellationToken cancellationToken)
    {
        const string Software = "tcg";
        const string Hardware = "kvm";
        if (!OperatingSystem.IsLinux() || !File.Exists("/dev/kvm"))
        {
            return Software;
        }

        string disk = Path.Combine(scratchPath, $"probe-{Guid.NewGuid():N}.img");
        byte[] sector = new byte[512];
        Probe.CopyTo(sector, 0);
        (sector[510], sector[511]) = (0x55, 0xaa);
        try
        {
            await File.WriteAllBytesAsync(disk, sector, cancellationToken).ConfigureAwait(false);
            TimeSpan? software = await TryAsync(program, Software, disk, LongestProbe, cancellationToken).ConfigureAwait(false);
            return await TryAsync(program, Hardware, disk, software ?? LongestProbe, cancellationToken).ConfigureAwait(false) is null ? Software : Hardware;
        }
        finally
        {
            File.Delete(disk);
        }
    }

    private static async Task<TimeSpan?> TryAsync(string program, string accelerator, string disk, TimeSpan limit, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        (int? exit, _, _) = await LocalProgram.RunAsync(
            program,
            [
                "-accel", accelerator, "-machine", "pc", "-m", "32", "-display", "none", "-nodefaults", "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
                "-drive", $"file.driver=file,file.filename={QemuCommand.Escape(disk)},format=raw,if=ide",
            ],
            limit, cancellationToken).ConfigureAwait(false);
        return exit == ProbeExit ? Stopwatch.GetElapsedTime(started) : null;
    }

    private static FabricException Missing(string problem) => new(
        HttpStatusCode.ServiceUnavailable, "HostNotAvailable", Program, problem,
        "Install QEMU: the packages qemu-system-x86 and ovmf on Debian and Ubuntu, qemu-system-x86 and edk2-ovmf on Fedora, qemu with Homebrew.");

    [GeneratedRegex(@"version (?<number>\d+\.\d+)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionText();
}
