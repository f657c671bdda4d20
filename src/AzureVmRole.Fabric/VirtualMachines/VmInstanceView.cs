using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What a virtual machine is at the moment, in ARM's shape. Says wherever it can that a guest is simulated.</summary>
internal static class VmInstanceView
{
    private const string Simulated = "Simulated";

    /// <summary>Makes the view.</summary>
    public static JsonObject Write(Resource machine)
    {
        var desired = VmDocument.Parse(machine.Desired);
        var observed = VmObserved.Parse(machine.Observed);
        var view = new JsonObject
        {
            ["hyperVGeneration"] = desired.Intent.IsGeneration2 ? "V2" : "V1",
            ["disks"] = new JsonArray([.. desired.AllDisks.Select(disk => WriteDisk(disk, observed))]),
            ["statuses"] = WriteStatuses(machine, desired, observed),
        };
        if (desired.ComputerName is { } name)
        {
            view["computerName"] = name;
        }

        if (observed.HostKind is { } kind)
        {
            view["osName"] = kind == Simulated ? $"{desired.OSType} (Simulated: no guest runs)" : desired.OSType;
        }

        if (observed.Power is VmPower.Running or VmPower.Starting)
        {
            view["vmAgent"] = WriteAgent(desired, observed);
        }

        if (observed is { ConsolePath: { } console, ScreenPath: { } screen })
        {
            view["bootDiagnostics"] = WriteDiagnostics(console, screen);
        }

        return view;
    }

    /// <summary>Where console and screen are, in ARM's shape (<c>RetrieveBootDiagnosticsDataResult</c>): files of this machine.</summary>
    public static JsonObject WriteDiagnostics(string consolePath, string screenPath)
    {
        var diagnostics = new JsonObject { ["serialConsoleLogBlobUri"] = new Uri(consolePath).AbsoluteUri };
        if (File.Exists(screenPath))
        {
            diagnostics["consoleScreenshotBlobUri"] = new Uri(screenPath).AbsoluteUri;
        }

        return diagnostics;
    }

    private static JsonObject WriteDisk(VmDisk disk, VmObserved observed)
    {
        bool isAttached = observed.Disks.Any(leased => leased.Key == disk.Key);
        return new JsonObject
        {
            ["name"] = disk.Name,
            ["statuses"] = new JsonArray(isAttached
                ? Status("ProvisioningState/succeeded", "Info", "Provisioning succeeded", null, observed.Since)
                : Status("ProvisioningState/updating", "Info", "Updating", "The disk is not attached yet.", observed.Since)),
        };
    }

    private static JsonObject WriteAgent(VmDocument desired, VmObserved observed)
    {
        (string code, string level, string text) = observed.Provisioning switch
        {
            GuestProvisioning.Succeeded => ("ProvisioningState/succeeded", "Info", "Ready"),
            GuestProvisioning.Failed => ("ProvisioningState/failed", "Error", "Not Ready"),
            _ => ("ProvisioningState/Unavailable", "Warning", "Not Ready"),
        };
        string? message = observed.Message ?? (observed.Provisioning == GuestProvisioning.InProgress ? desired.Intent.NotGeneralizedReason : null);
        if (observed.HostKind == Simulated)
        {
            message = message is null ? "Simulated: no guest and no agent run." : $"Simulated: {message}";
        }

        return new JsonObject
        {
            ["vmAgentVersion"] = observed.AgentVersion ?? (observed.HostKind == Simulated ? Simulated : "Unknown"),
            ["statuses"] = new JsonArray(Status(code, level, text, message, observed.Since)),
        };
    }

    private static JsonArray WriteStatuses(Resource machine, VmDocument desired, VmObserved observed)
    {
        var statuses = new JsonArray(WriteProvisioning(machine, desired, observed));
        if (desired.Intent.IsGeneralized)
        {
            statuses.Add(Status("OSState/generalized", "Info", "VM generalized", null, null));
        }

        string power = observed.Power.ToString().ToLowerInvariant();
        statuses.Add(Status($"PowerState/{power}", "Info", $"VM {power}", null, null));
        if (observed.HostKind is { } kind)
        {
            statuses.Add(Status(
                $"HostKind/{kind}", "Info", kind == Simulated ? "Simulated: no guest runs, this is the control plane only" : $"{kind} host", observed.Host, null));
        }

        if (observed is { Endpoint: { } endpoint, GuestPort: { } port })
        {
            statuses.Add(Status($"PortForward/{port}", "Info", endpoint, $"Port {port} of the guest is {endpoint} of this machine.", null));
        }

        return statuses;
    }

    private static JsonObject WriteProvisioning(Resource machine, VmDocument desired, VmObserved observed)
    {
        if (machine.State == ProvisioningState.Failed)
        {
            return Status($"ProvisioningState/failed/{observed.FaultCode ?? "InternalExecutionError"}", "Error", "Provisioning failed", observed.FaultMessage, observed.Since);
        }

        if (machine.State == ProvisioningState.Succeeded)
        {
            return Status("ProvisioningState/succeeded", "Info", "Provisioning succeeded", null, observed.Since);
        }

        string state = machine.State.ToString();
        bool isProvisioning = observed is { Power: VmPower.Running, Provisioning: GuestProvisioning.InProgress } && desired.Intent.IsProvisioned;
        return isProvisioning
            ? Status(
                $"ProvisioningState/{state.ToLowerInvariant()}/OSProvisioningInprogress", "Info", "OS Provisioning In progress",
                observed.Message ?? desired.Intent.NotGeneralizedReason ?? "The agent in the guest has not reported yet.", observed.Since)
            : Status($"ProvisioningState/{state.ToLowerInvariant()}", "Info", state, observed.Message, observed.Since);
    }

    private static JsonObject Status(string code, string level, string text, string? message, DateTimeOffset? time)
    {
        var status = new JsonObject { ["code"] = code, ["level"] = level, ["displayStatus"] = text };
        if (message is not null)
        {
            status["message"] = message;
        }

        if (time is { } moment)
        {
            status["time"] = JsonReading.Format(moment);
        }

        return status;
    }
}
