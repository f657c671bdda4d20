using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Hosts;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What there is of a virtual machine; the observed document of its resource.</summary>
internal sealed record VmObserved
{
    /// <summary>Nothing yet.</summary>
    public static readonly VmObserved Nothing = new();

    /// <summary>The host that has it; null when none has.</summary>
    public string? Host { get; init; }

    /// <summary>The kind of guests that the host runs; kept after the host has given it up.</summary>
    public string? HostKind { get; init; }

    /// <summary>The size that the host keeps a place for; null without a host.</summary>
    public string? Size { get; init; }

    /// <summary>The last boot that was begun, noted before it is.</summary>
    public long Boot { get; init; }

    /// <summary>When that boot was begun.</summary>
    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>Whether it runs.</summary>
    public VmPower Power { get; init; }

    /// <summary>How far the guest's agent is.</summary>
    public GuestProvisioning Provisioning { get; init; }

    /// <summary>In words, why it is where it is; null for nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>The version that the agent gave; null when none has answered.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>When power, agent or message became what they are.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The OS disk that was provisioned; null when none was.</summary>
    public string? ProvisionedDisk { get; init; }

    /// <summary>The disks that are leased to it.</summary>
    public IReadOnlyList<VmAttachment> Disks { get; init; } = [];

    /// <summary>The error code of the last operation when it failed; null otherwise.</summary>
    public string? FaultCode { get; init; }

    /// <summary>Why the last operation failed; null otherwise.</summary>
    public string? FaultMessage { get; init; }

    /// <summary>The file with the guest's serial console; null where nothing runs.</summary>
    public string? ConsolePath { get; init; }

    /// <summary>The file with its screen; null where nothing runs.</summary>
    public string? ScreenPath { get; init; }

    /// <summary>Where on loopback <see cref="GuestPort"/> is; null when the guest does not run.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The guest's port for its administrator; null where nothing runs.</summary>
    public long? GuestPort { get; init; }

    /// <summary>Reads an observed document.</summary>
    public static VmObserved Parse(JsonObject observed) => observed.Count == 0 ? Nothing : new VmObserved
    {
        Host = observed.Text("host"),
        HostKind = observed.Text("hostKind"),
        Size = observed.Text("size"),
        Boot = observed.Number("boot") ?? 0,
        BootedAt = observed.Time("bootedAt"),
        Power = Enum.Parse<VmPower>(observed.Text("power") ?? nameof(VmPower.Deallocated)),
        Provisioning = Enum.Parse<GuestProvisioning>(observed.Text("provisioning") ?? nameof(GuestProvisioning.None)),
        Message = observed.Text("message"),
        AgentVersion = observed.Text("agentVersion"),
        Since = observed.Time("since"),
        ProvisionedDisk = observed.Text("provisionedDisk"),
        Disks =
        [
            .. observed.Objects("disks").Select(disk => new VmAttachment(
                (int)(disk.Number("lun") ?? 0), disk.Text("id") ?? "", disk.Text("caching") ?? "None")),
        ],
        FaultCode = observed.Text("faultCode"),
        FaultMessage = observed.Text("faultMessage"),
        ConsolePath = observed.Text("consolePath"),
        ScreenPath = observed.Text("screenPath"),
        Endpoint = observed.Text("endpoint"),
        GuestPort = observed.Number("guestPort"),
    };

    /// <summary>It as an observed document.</summary>
    public JsonObject ToJson()
    {
        var observed = new JsonObject
        {
            ["boot"] = Boot,
            ["power"] = Power.ToString(),
            ["provisioning"] = Provisioning.ToString(),
            ["disks"] = new JsonArray(
                [.. Disks.Select(disk => new JsonObject { ["lun"] = disk.Lun, ["id"] = disk.DiskId, ["caching"] = disk.Caching })]),
        };
        Set(observed, "host", Host);
        Set(observed, "hostKind", HostKind);
        Set(observed, "size", Size);
        Set(observed, "bootedAt", BootedAt is { } booted ? JsonReading.Format(booted) : null);
        Set(observed, "message", Message);
        Set(observed, "agentVersion", AgentVersion);
        Set(observed, "since", Since is { } since ? JsonReading.Format(since) : null);
        Set(observed, "provisionedDisk", ProvisionedDisk);
        Set(observed, "faultCode", FaultCode);
        Set(observed, "faultMessage", FaultMessage);
        Set(observed, "consolePath", ConsolePath);
        Set(observed, "screenPath", ScreenPath);
        Set(observed, "endpoint", Endpoint);
        if (GuestPort is { } port)
        {
            observed["guestPort"] = port;
        }

        return observed;
    }

    /// <summary>It with how people get at the guest.</summary>
    public VmObserved With(GuestAccess? access) => this with
    {
        ConsolePath = access?.ConsolePath, ScreenPath = access?.ScreenPath, Endpoint = access?.Endpoint, GuestPort = access?.GuestPort,
    };

    /// <summary>It with one more disk, or the same one with other caching.</summary>
    public VmObserved With(VmAttachment disk) => this with { Disks = [.. Disks.Where(other => other.Key != disk.Key), disk] };

    /// <summary>It without a disk.</summary>
    public VmObserved Without(string diskKey) => this with { Disks = [.. Disks.Where(other => other.Key != diskKey)] };

    private static void Set(JsonObject observed, string name, string? value)
    {
        if (value is not null)
        {
            observed[name] = value;
        }
    }
}
