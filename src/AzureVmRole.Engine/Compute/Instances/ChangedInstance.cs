using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>Puts pending changes on an instance as the service tells it.</summary>
internal static class ChangedInstance
{
    /// <summary>Puts one change on an instance.</summary>
    /// <param name="connection">Whose names of VHDs are meant.</param>
    /// <param name="data">The instance.</param>
    /// <param name="change">The change.</param>
    /// <param name="diskId">The disk to attach; null for a new one, or for a VHD that the service registers itself.</param>
    /// <exception cref="FabricException">ResourceChanged: a LUN is not what the change was made for.</exception>
    public static async Task ApplyAsync(FabricConnection connection, VirtualMachineData data, VMChange change, string? diskId)
    {
        VirtualMachineStorageProfile storage = data.StorageProfile;
        switch (change.Kind)
        {
            case VMChangeKind.SetOSDisk:
                storage.OSDisk.Caching = Words.CachingOf(change.HostCaching ?? HostCaching.ReadWrite);
                break;
            case VMChangeKind.AddDataDisk:
                Uri? vhd = diskId is null && change.MediaLocation is { } media ? await Addresses.BlobUriAsync(connection, media).ConfigureAwait(false) : null;
                storage.DataDisks.Add(NewDisk(data, change, diskId, vhd));
                break;
            case VMChangeKind.SetDataDisk:
                Require(data, change).Caching = Words.CachingOf(change.HostCaching ?? HostCaching.None);
                break;
            default:
                storage.DataDisks.Remove(Require(data, change));
                break;
        }
    }

    private static VirtualMachineDataDisk NewDisk(VirtualMachineData data, VMChange change, string? diskId, Uri? vhd)
    {
        int lun = change.Lun ?? 0;
        if (data.StorageProfile.DataDisks.Any(disk => disk.Lun == lun))
        {
            throw Changed(data, $"LUN {lun} of '{data.Name}' has a disk by now.");
        }

        var disk = new VirtualMachineDataDisk(lun, diskId is null && vhd is null ? DiskCreateOptionType.Empty : DiskCreateOptionType.Attach)
        {
            Name = change.DiskName,
            Caching = Words.CachingOf(change.HostCaching ?? HostCaching.None),
            DeleteOption = DiskDeleteOptionType.Detach,
        };
        if (diskId is not null)
        {
            disk.ManagedDisk = new VirtualMachineManagedDisk { Id = new ResourceIdentifier(diskId) };
        }
        else if (vhd is not null)
        {
            disk.VhdUri = vhd;
        }
        else
        {
            disk.DiskSizeGB = change.SizeInGB;
        }

        return disk;
    }

    private static VirtualMachineDataDisk Require(VirtualMachineData data, VMChange change) =>
        data.StorageProfile.DataDisks.FirstOrDefault(disk => disk.Lun == change.Lun && (change.DiskName is null || disk.Name is null
            || disk.Name.Equals(change.DiskName, StringComparison.OrdinalIgnoreCase)))
        ?? throw Changed(data, $"'{data.Name}' does not have the data disk at LUN {change.Lun} any more that the change is for.");

    private static FabricException Changed(VirtualMachineData data, string message) => new(
        ErrorCode.ResourceChanged, data.Name, message, "Read the instance again with Get-VMInstance, and repeat the changes.");
}
