using System.Text.RegularExpressions;

namespace AzureVmRole.Fabric;

/// <summary>Says everything that is wrong with options.</summary>
internal static partial class FabricOptionsValidator
{
    private const int MostHosts = 10_000;
    private const int MostParallelism = 1024;

    /// <summary>The findings; empty when the options are right.</summary>
    public static IReadOnlyList<string> Validate(FabricOptions options)
    {
        var findings = new List<string>();
        Require(Path.IsPathFullyQualified(options.HomePath), $"HomePath is '{options.HomePath}', expected an absolute path");
        Require(options.Locations.Count > 0, "Locations is empty, expected one at least");
        foreach (string location in options.Locations)
        {
            Require(LocationName().IsMatch(location), $"Locations has '{location}', expected lower-case letters and digits, a letter first, 50 at most");
        }

        Require(options.Locations.Distinct(StringComparer.OrdinalIgnoreCase).Count() == options.Locations.Count, "Locations has a name twice, expected each once");
        Require(Guid.TryParseExact(options.SubscriptionId, "D", out _), $"SubscriptionId is '{options.SubscriptionId}', expected a GUID");
        Require(options.HostsPerLocation is > 0 and <= MostHosts, $"HostsPerLocation is {options.HostsPerLocation}, expected 1 to {MostHosts}");
        Require(options.CoresPerHost > 0, $"CoresPerHost is {options.CoresPerHost}, expected 1 or more");
        Require(options.MemoryPerHostInMiB > 0, $"MemoryPerHostInMiB is {options.MemoryPerHostInMiB}, expected 1 or more");
        Require(options.SimulatedLatency >= TimeSpan.Zero && options.SimulatedLatency <= TimeSpan.FromDays(1), $"SimulatedLatency is {options.SimulatedLatency}, expected no time to 1 day");
        Require(Enum.IsDefined(options.HostKind), $"HostKind is {options.HostKind}, expected Auto, Simulated or Qemu");
        Require(options.HeartbeatLimit >= TimeSpan.FromSeconds(1) && options.HeartbeatLimit <= TimeSpan.FromDays(1), $"HeartbeatLimit is {options.HeartbeatLimit}, expected 1 second to 1 day");
        Require(options.ActionDeadline > TimeSpan.Zero && options.ActionDeadline <= TimeSpan.FromDays(1), $"ActionDeadline is {options.ActionDeadline}, expected up to 1 day");
        Require(options.Parallelism is > 0 and <= MostParallelism, $"Parallelism is {options.Parallelism}, expected 1 to {MostParallelism}");
        return findings;

        void Require(bool isRight, string finding)
        {
            if (!isRight)
            {
                findings.Add(finding);
            }
        }
    }

    /// <summary>Refuses to run without a location that has resources: nobody could see, change or delete them, and their disks would seem to be nobody's.</summary>
    /// <param name="options">The options.</param>
    /// <param name="used">The locations that have resources.</param>
    /// <exception cref="FabricException">RequestInvalid.</exception>
    public static void CheckLocations(FabricOptions options, IReadOnlyList<string> used)
    {
        string[] missing = [.. used.Except(options.Locations, StringComparer.OrdinalIgnoreCase)];
        if (missing.Length > 0)
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, options.HomePath,
                $"The fabric of '{options.HomePath}' has resources in {string.Join(", ", missing)}, but was to be started with the locations {string.Join(", ", options.Locations)} only.",
                $"Start it with all of them: -Location {string.Join(',', options.Locations.Concat(missing))}.");
        }
    }

    /// <summary>Refuses options that are wrong, with every finding in one message.</summary>
    /// <exception cref="FabricException">RequestInvalid.</exception>
    public static void Check(FabricOptions options)
    {
        IReadOnlyList<string> findings = Validate(options);
        if (findings.Count > 0)
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, options.HomePath, $"The fabric cannot be started with these options: {string.Join("; ", findings)}.", "Correct the options.");
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]{0,49}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LocationName();
}
