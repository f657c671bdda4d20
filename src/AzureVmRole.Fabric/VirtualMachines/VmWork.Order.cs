using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Media;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Placement;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmWork
{
    private GuestOrder OrderOf(long boot)
    {
        VmSize size = VmSizes.Find(_observed.Size ?? Desired.Size) ?? throw new InvalidDataException($"The size '{Desired.Size}' is not known.");
        return new GuestOrder
        {
            InstanceId = Desired.Intent.VmId,
            Name = id.Name,
            SubscriptionId = id.SubscriptionId,
            ResourceGroupName = id.GroupName,
            Size = size.Name,
            Boot = boot,
            Cores = size.Cores,
            MemoryInMiB = size.MemoryInMB,
            TemporaryDiskInMiB = size.ResourceDiskSizeInMB,
            OSType = Desired.OSType,
            IsGeneration2 = Desired.Intent.IsGeneration2,
            OSDisk = GuestDiskOf(Desired.OSDisk.Attachment),
            IsOSDiskNvme = Desired.IsOSDiskNvme,
            DataDisks = [.. Desired.DataDisks.Select(disk => GuestDiskOf(disk.Attachment))],
            NeedsProvisioning = Desired.Intent.IsProvisioned && _observed.ProvisionedDisk != Desired.OSDisk.Key,
            Profile = ReadProfile(Row.Desired["properties"].At("osProfile")),
            NotGeneralizedReason = Desired.Intent.NotGeneralizedReason,
            Tags = Desired.Tags,
        };
    }

    private static GuestOSProfile? ReadProfile(JsonNode? profile)
    {
        if (profile.Text("computerName") is not { } name)
        {
            return null;
        }

        JsonNode? linux = profile.At("linuxConfiguration");
        return new GuestOSProfile(
            name, profile.Text("adminUsername"), linux.Flag("disablePasswordAuthentication"),
            [
                .. linux.Objects("ssh", "publicKeys").Where(key => key.Text("keyData") is not null)
                    .Select(key => new GuestKey(key.Text("path") ?? $"/home/{profile.Text("adminUsername")}/.ssh/authorized_keys", key.Text("keyData")!)),
            ],
            [
                .. profile.Objects("windowsConfiguration", "winRM", "listeners").Where(listener => listener.Text("protocol") is not null)
                    .Select(listener => new WinRMListener(listener.Text("protocol")!)),
            ]);
    }
}
