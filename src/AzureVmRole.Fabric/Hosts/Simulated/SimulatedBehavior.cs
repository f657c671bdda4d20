using System.Globalization;
using System.Net;

namespace AzureVmRole.Fabric.Hosts.Simulated;

/// <summary>
/// How a simulated guest behaves, as the tag <c>azvmrole-simulate</c> of its virtual machine says. Instructions are separated by semicolons:
/// <c>latency=00:00:02</c> (instead of the fabric's own), <c>start=fail:message</c>, <c>attach=fail:message</c>,
/// <c>provision=never</c> or <c>provision=never:message</c>, <c>provision=fail:message</c>. Read at each boot.
/// </summary>
/// <param name="Latency">How long a start and a stop take; null for the fabric's setting.</param>
/// <param name="StartFailure">Why the guest does not start; null when it does.</param>
/// <param name="AttachFailure">Why a disk cannot be attached while it runs; null when it can.</param>
/// <param name="Provisioning">How its provisioning ends; <see cref="GuestProvisioning.InProgress"/> for never.</param>
/// <param name="ProvisioningMessage">What it says of that.</param>
internal sealed record SimulatedBehavior(
    TimeSpan? Latency, string? StartFailure, string? AttachFailure, GuestProvisioning Provisioning, string? ProvisioningMessage)
{
    /// <summary>The tag.</summary>
    public const string TagName = "azvmrole-simulate";

    private static readonly TimeSpan LongestLatency = TimeSpan.FromDays(1);

    private static readonly SimulatedBehavior Usual = new(null, null, null, GuestProvisioning.Succeeded, null);

    /// <summary>Reads the tag; without it the guest behaves as it should.</summary>
    /// <exception cref="FabricException">It holds an instruction that does not exist.</exception>
    public static SimulatedBehavior Parse(IReadOnlyDictionary<string, string> tags)
    {
        string? text = tags.FirstOrDefault(tag => tag.Key.Equals(TagName, StringComparison.OrdinalIgnoreCase)).Value;
        SimulatedBehavior behavior = Usual;
        foreach (string instruction in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            behavior = behavior.With(instruction);
        }

        return behavior;
    }

    private SimulatedBehavior With(string instruction)
    {
        string[] halves = instruction.Split('=', 2, StringSplitOptions.TrimEntries);
        string[] words = halves.Length == 2 ? halves[1].Split(':', 2, StringSplitOptions.TrimEntries) : [""];
        string message = words.Length == 2 ? words[1] : "the simulation was told to";
        return (halves[0].ToLowerInvariant(), words[0].ToLowerInvariant()) switch
        {
            ("latency", _) when halves.Length == 2 && TimeSpan.TryParse(halves[1], CultureInfo.InvariantCulture, out TimeSpan latency)
                && latency >= TimeSpan.Zero && latency <= LongestLatency => this with { Latency = latency },
            ("start", "fail") => this with { StartFailure = message },
            ("attach", "fail") => this with { AttachFailure = message },
            ("provision", "never") => this with { Provisioning = GuestProvisioning.InProgress, ProvisioningMessage = message },
            ("provision", "fail") => this with { Provisioning = GuestProvisioning.Failed, ProvisioningMessage = message },
            _ => throw new FabricException(
                HttpStatusCode.BadRequest, "InvalidParameter", "tags." + TagName,
                $"The tag '{TagName}' has the instruction '{instruction}', expected latency=hh:mm:ss, start=fail:message, attach=fail:message, provision=never or provision=fail:message.",
                "Correct the tag."),
        };
    }
}
