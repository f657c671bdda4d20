using System.Globalization;
using AzureVmRole.Fabric;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>Reads the command line.</summary>
internal static class CommandLine
{
    public const string Usage =
        """
        azvmrole-fabric --home DIR [--port N] [--locations A,B] [--host-kind KIND] [--hosts N] [--simulated-latency T] [--heartbeat-limit T]
          --home DIR              the fabric's home folder; made when it is missing
          --port N                the port on 127.0.0.1 (and ::1); default: a free one
          --locations A,B         the names of the locations; default: local1,local2
          --host-kind KIND        where new virtual machines run: qemu, simulated, or auto: qemu where it is installed; default: auto
          --hosts N               simulated hosts of each location; default: 4
          --simulated-latency T   how long a simulated guest takes to start or stop, as 250ms, 2s or 00:00:02; default: no time
          --heartbeat-limit T     a guest in QEMU that is silent for so long is reset; default: 10 minutes
        --own-session before everything else, also before prove: Ctrl-C in the terminal that it was started from does not reach it or its guests.
        SIGTERM and SIGINT stop it gracefully. Exit codes: 0 stopped, 1 failed, 2 usage, 3 home in use, 4 database damaged, 5 a file is not safe, 6 port in use.
        """;

    /// <summary>The most hosts of a location.</summary>
    public const int MostHosts = 10_000;

    private const int LongestLocation = 40;

    private static readonly string[] Names = ["--home", "--port", "--locations", "--host-kind", "--hosts", "--simulated-latency", "--heartbeat-limit"];

    /// <summary>Reads a command line as a whole.</summary>
    /// <exception cref="UsageException">It is wrong; carries every finding.</exception>
    public static DaemonOptions Parse(IReadOnlyList<string> arguments)
    {
        var findings = new List<string>();
        Dictionary<string, string> values = Pair(arguments, Names, findings);
        DaemonOptions options = Read(values, findings);
        return findings.Count == 0 ? options : throw new UsageException(findings);
    }

    /// <summary>Names with their values.</summary>
    /// <param name="arguments">A name, its value, and so on.</param>
    /// <param name="names">The names that are known.</param>
    /// <param name="findings">Gets what is wrong.</param>
    internal static Dictionary<string, string> Pair(IReadOnlyList<string> arguments, IReadOnlyCollection<string> names, List<string> findings)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int index = 0; index < arguments.Count; index += 2)
        {
            string name = arguments[index];
            if (!names.Contains(name, StringComparer.Ordinal))
            {
                findings.Add($"Argument {index + 1}, '{name}', is none that this program knows.");
                index--;
            }
            else if (index + 1 == arguments.Count)
            {
                findings.Add($"{name} has no value.");
            }
            else if (!values.TryAdd(name, arguments[index + 1]))
            {
                findings.Add($"{name} is given twice.");
            }
        }

        return values;
    }

    private static DaemonOptions Read(Dictionary<string, string> values, List<string> findings)
    {
        string home = values.GetValueOrDefault("--home", "");
        if (string.IsNullOrWhiteSpace(home))
        {
            findings.Add("--home is missing: name the fabric's home folder.");
        }

        var fabric = new FabricOptions { HomePath = home.Length > 0 ? Path.GetFullPath(home) : "", HostKind = ReadHostKind(values.GetValueOrDefault("--host-kind", "auto"), findings) };
        if (values.TryGetValue("--locations", out string? locations))
        {
            fabric = fabric with { Locations = ReadLocations(locations, findings) };
        }

        if (values.TryGetValue("--hosts", out string? hosts))
        {
            fabric = fabric with { HostsPerLocation = ReadNumber("--hosts", hosts, 1, MostHosts, findings) };
        }

        if (values.TryGetValue("--simulated-latency", out string? latency))
        {
            fabric = fabric with { SimulatedLatency = ReadTime("--simulated-latency", latency, findings) };
        }

        if (values.TryGetValue("--heartbeat-limit", out string? limit))
        {
            fabric = fabric with { HeartbeatLimit = ReadTime("--heartbeat-limit", limit, findings) };
        }

        int port = values.TryGetValue("--port", out string? text) ? ReadNumber("--port", text, 0, ushort.MaxValue, findings) : 0;
        return new DaemonOptions { Fabric = fabric, Port = port };
    }

    private static FabricHostKind ReadHostKind(string text, List<string> findings)
    {
        if (text.All(char.IsAsciiLetter) && Enum.TryParse(text, ignoreCase: true, out FabricHostKind kind))
        {
            return kind;
        }

        findings.Add($"--host-kind: '{text}' is none of auto, simulated, qemu.");
        return FabricHostKind.Auto;
    }

    private static List<string> ReadLocations(string text, List<string> findings)
    {
        var names = new List<string>();
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries).Select(name => name.ToLowerInvariant()))
        {
            if (name.Length is 0 or > LongestLocation || !name.All(char.IsAsciiLetterOrDigit))
            {
                findings.Add($"--locations: '{name}' is no location; expected 1 to {LongestLocation} letters and digits.");
            }
            else if (names.Contains(name, StringComparer.Ordinal))
            {
                findings.Add($"--locations: '{name}' is given twice.");
            }
            else
            {
                names.Add(name);
            }
        }

        return names;
    }

    internal static int ReadNumber(string name, string text, int least, int most, List<string> findings)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
        {
            return number;
        }

        findings.Add($"{name}: '{text}' is no number from {least} to {most}.");
        return least;
    }

    internal static TimeSpan ReadTime(string name, string text, List<string> findings)
    {
        (string digits, double unitInSeconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1),
            _ => ("", 0),
        };
        if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number <= 86_400 / unitInSeconds)
        {
            return TimeSpan.FromSeconds(number * unitInSeconds);
        }

        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan time) && time >= TimeSpan.Zero && time <= TimeSpan.FromDays(1))
        {
            return time;
        }

        findings.Add($"{name}: '{text}' is no time up to a day; expected for example 250ms, 2s or 00:00:02.");
        return TimeSpan.Zero;
    }
}
