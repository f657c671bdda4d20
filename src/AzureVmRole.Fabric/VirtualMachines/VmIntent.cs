using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What is asked of a virtual machine beside its body: the member <c>fabric</c> of its desired document, which no answer shows.</summary>
internal sealed record VmIntent
{
    /// <summary>The instance's id, a GUID in text form that no other instance ever has.</summary>
    public required string VmId { get; init; }

    /// <summary>Running, Stopped or Deallocated.</summary>
    public VmPower Power { get; init; } = VmPower.Running;

    /// <summary>Counts the boots that were asked for; starts with 1.</summary>
    public long Boot { get; init; } = 1;

    /// <summary>Whether somebody said that the guest is generalised: it never starts again.</summary>
    public bool IsGeneralized { get; init; }

    /// <summary>Whether the guest is not asked before it is stopped.</summary>
    public bool IsStopForced { get; init; }

    /// <summary>Whether the guest is provisioned at its first boot: false for a specialised one.</summary>
    public bool IsProvisioned { get; init; }

    /// <summary>Why the guest will never be provisioned; null when nothing speaks against it.</summary>
    public string? NotGeneralizedReason { get; init; }

    /// <summary>Whether the firmware is UEFI.</summary>
    public bool IsGeneration2 { get; init; }

    /// <summary>The host that it has to leave (redeploy); null for none.</summary>
    public string? LeavesHost { get; init; }

    /// <summary>Disks that were taken from it, and are not yet given back.</summary>
    public IReadOnlyList<string> Releasing { get; init; } = [];

    /// <summary>When the last request was accepted: what takes too long counts from here.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>The VHD that a capture writes, <c>container/name</c>; null when none is asked for.</summary>
    public string? CaptureBlob { get; init; }

    /// <summary>The unique id that the captured VHD gets; null when no capture is asked for.</summary>
    public Guid? CaptureDisk { get; init; }

    /// <summary>Reads it from a desired document.</summary>
    public static VmIntent Parse(JsonObject desired)
    {
        JsonNode? fabric = desired["fabric"];
        return new VmIntent
        {
            VmId = fabric.Text("vmId") ?? throw new InvalidDataException("A virtual machine's document has no fabric.vmId."),
            Power = Enum.Parse<VmPower>(fabric.Text("power") ?? nameof(VmPower.Running)),
            Boot = fabric.Number("boot") ?? 1,
            IsGeneralized = fabric.Flag("generalized"),
            IsStopForced = fabric.Flag("forcedStop"),
            IsProvisioned = fabric.Flag("provisioned"),
            NotGeneralizedReason = fabric.Text("notGeneralizedReason"),
            IsGeneration2 = fabric.Flag("generation2"),
            LeavesHost = fabric.Text("leavesHost"),
            Releasing = [.. (fabric.At("releasing") as JsonArray)?.Select(item => item.Text()).OfType<string>() ?? []],
            AskedAt = fabric.Time("askedAt"),
            CaptureBlob = fabric.Text("captureBlob"),
            CaptureDisk = Guid.TryParse(fabric.Text("captureDisk"), out Guid disk) ? disk : null,
        };
    }

    /// <summary>It as the member <c>fabric</c>.</summary>
    public JsonObject ToJson()
    {
        var fabric = new JsonObject
        {
            ["vmId"] = VmId,
            ["power"] = Power.ToString(),
            ["boot"] = Boot,
            ["generalized"] = IsGeneralized,
            ["forcedStop"] = IsStopForced,
            ["provisioned"] = IsProvisioned,
            ["generation2"] = IsGeneration2,
        };
        Set(fabric, "notGeneralizedReason", NotGeneralizedReason);
        Set(fabric, "leavesHost", LeavesHost);
        Set(fabric, "askedAt", AskedAt is { } asked ? JsonReading.Format(asked) : null);
        Set(fabric, "captureBlob", CaptureBlob);
        Set(fabric, "captureDisk", CaptureDisk?.ToString("D"));
        if (Releasing.Count > 0)
        {
            fabric["releasing"] = new JsonArray([.. Releasing.Select(id => JsonValue.Create(id))]);
        }

        return fabric;
    }

    /// <summary>A desired document with this intent in place of its own.</summary>
    public JsonObject In(JsonObject desired)
    {
        JsonObject changed = desired.DeepClone().AsObject();
        changed["fabric"] = ToJson();
        return changed;
    }

    private static void Set(JsonObject fabric, string name, string? value)
    {
        if (value is not null)
        {
            fabric[name] = value;
        }
    }
}
