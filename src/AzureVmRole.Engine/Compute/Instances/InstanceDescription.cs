using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>Instances as the service tells them, and as scripts get them.</summary>
internal static class InstanceDescription
{
    /// <summary>Describes an instance.</summary>
    /// <param name="connection">Who told it.</param>
    /// <param name="data">What was told.</param>
    /// <param name="blobs">The blobs of disks, by disk id.</param>
    public static VMInstance Of(FabricConnection connection, VirtualMachineData data, IReadOnlyDictionary<string, Uri> blobs)
    {
        VirtualMachineStorageProfile? storage = data.StorageProfile;
        IReadOnlyList<InstanceViewStatus> statuses = data.InstanceView?.Statuses ?? [];
        string power = After(statuses, "PowerState/");
        VirtualMachineAgentInstanceView? agent = data.InstanceView?.VmAgent;
        string provisioning = data.ProvisioningState ?? "";
        return new VMInstance
        {
            Name = data.Name,
            ResourceGroupName = data.Id.ResourceGroupName ?? "",
            Location = data.Location.Name,
            Status = StatusOf(provisioning, power, After(statuses, "ProvisioningState/")),
            ProvisioningState = provisioning,
            PowerState = power,
            HostKind = connection.IsLocal ? After(statuses, "HostKind/") : "Azure",
            Size = data.HardwareProfile?.VmSize?.ToString() ?? "",
            OSDisk = OSDiskOf(storage?.OSDisk, blobs),
            DiskControllerType = Words.ControllerOf(storage?.DiskControllerType),
            DataDisks = [.. (storage?.DataDisks ?? []).Select(disk => DataDiskOf(disk, data.Name, blobs)).OrderBy(disk => disk.Lun)],
            ImageName = Addresses.NameOf(storage?.ImageReference?.Id?.ToString()),
            Message = statuses.Where(status => IsOf(status, "ProvisioningState/") || IsOf(status, "PowerState/")).Concat(agent?.Statuses.Where(IsNews) ?? []).Select(status => status.Message).FirstOrDefault(message => !string.IsNullOrEmpty(message)),
            AgentVersion = agent?.VmAgentVersion is "Unknown" ? null : agent?.VmAgentVersion,
            AgentStatus = agent?.Statuses.Select(status => status.DisplayStatus).FirstOrDefault(),
            SerialConsoleLog = Addresses.WithoutQuery(data.InstanceView?.BootDiagnostics?.SerialConsoleLogBlobUri),
            ConsoleScreenshot = Addresses.WithoutQuery(data.InstanceView?.BootDiagnostics?.ConsoleScreenshotBlobUri),
            Endpoint = statuses.Where(status => IsOf(status, "PortForward/")).Select(status => status.DisplayStatus).FirstOrDefault(),
            Id = data.Id.ToString(),
        };
    }

    /// <summary>Whether the agent has something to say that is not as it should be.</summary>
    private static bool IsNews(InstanceViewStatus status) => status.Level is ComputeStatusLevelType.Error or ComputeStatusLevelType.Warning;

    private static OSDisk OSDiskOf(VirtualMachineOSDisk? disk, IReadOnlyDictionary<string, Uri> blobs) => new()
    {
        DiskName = disk?.Name ?? Addresses.NameOf(disk?.ManagedDisk?.Id?.ToString()) ?? "",
        HostCaching = disk?.Caching is { } caching ? Words.CachingOf(caching) : HostCaching.ReadWrite,
        OS = Words.OSOf(disk?.OSType),
        SizeInGB = disk?.DiskSizeGB,
        Id = disk?.ManagedDisk?.Id?.ToString(),
        MediaLink = MediaOf(disk?.VhdUri, disk?.ManagedDisk, blobs),
    };

    private static DataDisk DataDiskOf(VirtualMachineDataDisk disk, string machine, IReadOnlyDictionary<string, Uri> blobs)
    {
        string name = disk.Name ?? Addresses.NameOf(disk.ManagedDisk?.Id?.ToString()) ?? "";
        return new DataDisk
        {
            Lun = disk.Lun,
            DiskName = name,
            DiskLabel = name.StartsWith(machine + "-", StringComparison.OrdinalIgnoreCase) ? name[(machine.Length + 1)..] : null,
            HostCaching = Words.CachingOf(disk.Caching),
            SizeInGB = disk.DiskSizeGB,
            Id = disk.ManagedDisk?.Id?.ToString(),
            MediaLink = MediaOf(disk.VhdUri, disk.ManagedDisk, blobs),
            VMName = machine,
        };
    }

    private static Uri? MediaOf(Uri? unmanaged, VirtualMachineManagedDisk? managed, IReadOnlyDictionary<string, Uri> blobs) =>
        Addresses.WithoutQuery(unmanaged) ?? (managed?.Id is { } id ? blobs.GetValueOrDefault(id.ToString()) : null);

    private static string StatusOf(string provisioning, string power, string guest) => (provisioning, power) switch
    {
        ("Failed", "") => "Failed",
        ("Deleting", _) => "Deleting",
        (_, "") => provisioning,
        ("Failed", "running") when guest.EndsWith("OSProvisioningTimedOut", StringComparison.OrdinalIgnoreCase) => "ProvisioningTimeout",
        ("Failed", "running") when guest.Contains("OSProvisioning", StringComparison.OrdinalIgnoreCase) => "ProvisioningFailed",
        (_, "running") => guest.StartsWith("creating", StringComparison.OrdinalIgnoreCase) ? "Running (Provisioning)" : "Running",
        ("Creating", "deallocated") => "Creating",
        (_, "deallocated") => "Stopped (Deallocated)",
        _ => char.ToUpperInvariant(power[0]) + power[1..],
    };

    private static string After(IReadOnlyList<InstanceViewStatus> statuses, string prefix) =>
        statuses.Where(status => IsOf(status, prefix)).Select(status => status.Code[prefix.Length..]).FirstOrDefault() ?? "";

    private static bool IsOf(InstanceViewStatus status, string prefix) => status.Code?.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) == true;
}
