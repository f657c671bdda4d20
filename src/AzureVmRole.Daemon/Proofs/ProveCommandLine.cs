using AzureVmRole.Daemon.Hosting;
using AzureVmRole.Fabric.Proofs;

namespace AzureVmRole.Daemon.Proofs;

/// <summary>Reads what stands behind <c>prove</c>.</summary>
internal static class ProveCommandLine
{
    public const string Usage =
        """
        azvmrole-fabric prove --path FILE [--os Linux|Windows] [--generation 1|2] [--disk-controller SCSI|NVMe] [--timeout T] [--memory MIB] [--cores N] [--console FILE] [--screen FILE] [--home DIR]
          --path FILE       the image: VHD, VHDX, qcow2, raw, or the top of a chain; it is only read
          --os NAME         its operating system; default: Linux
          --generation N    1 for BIOS, 2 for UEFI; default: what the disk's partitions say
          --disk-controller NAME  what its disk is on; NVMe is for generation 2 only; default: SCSI
          --timeout T       how long it may take to be ready, as 90s or 00:20:00, 1 second to a day; default: 20 minutes
          --memory MIB      the guest's memory, 64 to 1048576; default: 1024
          --cores N         its processors, 1 to 64; default: 2
          --console FILE    where the text of its console is kept
          --screen FILE     where its last screen is kept, a PNG
          --home DIR        where running proofs are noted, so that their memory is bounded; default: AZUREVMROLE_HOME, or the account's own folder
        Writes one JSON object a line: kind is note, console, step, report or error. SIGTERM, SIGINT and the end of its standard input end it; nothing is left then.
        Exit codes: 0 reported, ready or not; 1 failed; 2 usage; 7 ended before its verdict.
        """;

    private const int LeastMemory = 64;
    private const int MostMemory = 1 << 20;
    private const int MostCores = 64;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);

    private static readonly string[] Names = ["--path", "--os", "--generation", "--disk-controller", "--timeout", "--memory", "--cores", "--console", "--screen", "--home"];

    /// <summary>Reads the arguments as a whole.</summary>
    /// <exception cref="UsageException">They are wrong; carries every finding.</exception>
    public static ProveOptions Parse(IReadOnlyList<string> arguments)
    {
        var findings = new List<string>();
        Dictionary<string, string> values = CommandLine.Pair(arguments, Names, findings);
        var options = new ImageProofOptions
        {
            Path = ReadPath(values, "--path", findings) ?? "",
            ConsolePath = ReadPath(values, "--console", findings),
            ScreenPath = ReadPath(values, "--screen", findings),
        };
        if (!values.ContainsKey("--path"))
        {
            findings.Add("--path is missing: name the image.");
        }

        options = Read(options, values, findings);
        string? home = ReadPath(values, "--home", findings);
        return findings.Count == 0 ? new ProveOptions(options, home is null ? null : Path.Combine(home, "proofs")) : throw new UsageException(findings);
    }

    private static ImageProofOptions Read(ImageProofOptions options, Dictionary<string, string> values, List<string> findings)
    {
        if (values.TryGetValue("--os", out string? system))
        {
            options = options with { OSType = system };
            if (system is not ("Linux" or "Windows"))
            {
                findings.Add($"--os: '{system}' is neither Linux nor Windows.");
            }
        }

        if (values.TryGetValue("--generation", out string? generation))
        {
            options = options with { IsGeneration2 = CommandLine.ReadNumber("--generation", generation, 1, 2, findings) == 2 };
        }

        if (values.TryGetValue("--disk-controller", out string? controller))
        {
            options = options with { DiskControllerType = controller == nameof(DiskControllerType.NVMe) ? DiskControllerType.NVMe : DiskControllerType.SCSI };
            if (controller is not (nameof(DiskControllerType.SCSI) or nameof(DiskControllerType.NVMe)))
            {
                findings.Add($"--disk-controller: '{controller}' is neither SCSI nor NVMe.");
            }
        }

        if (values.TryGetValue("--memory", out string? memory))
        {
            options = options with { MemoryInMiB = CommandLine.ReadNumber("--memory", memory, LeastMemory, MostMemory, findings) };
        }

        if (values.TryGetValue("--cores", out string? cores))
        {
            options = options with { Cores = CommandLine.ReadNumber("--cores", cores, 1, MostCores, findings) };
        }

        if (values.TryGetValue("--timeout", out string? timeout))
        {
            int before = findings.Count;
            options = options with { Limit = CommandLine.ReadTime("--timeout", timeout, findings) };
            if (options.Limit < LeastTimeout && findings.Count == before)
            {
                findings.Add($"--timeout: '{timeout}' is too short; expected 1 second or more.");
            }
        }

        return options;
    }

    private static string? ReadPath(Dictionary<string, string> values, string name, List<string> findings)
    {
        if (!values.TryGetValue(name, out string? path))
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(path))
        {
            findings.Add($"{name} is empty.");
            return null;
        }

        return Path.GetFullPath(path);
    }
}
