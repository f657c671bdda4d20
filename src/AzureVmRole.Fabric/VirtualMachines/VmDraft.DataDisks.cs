using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Placement;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmDraft
{
    private void ReadDataDisks(BodyPart storage, VmSize? size)
    {
        var kept = new List<JsonObject>();
        var luns = new HashSet<int>();
        var stays = new HashSet<string>(StringComparer.Ordinal);
        foreach (BodyPart disk in storage.Items("dataDisks") ?? [])
        {
            if (disk.Flag("toBeDetached"))
            {
                continue;
            }

            if (ReadLun(disk, luns) is not { } lun)
            {
                continue;
            }

            if (_before?.DataDisks.FirstOrDefault(other => other.Lun == lun) is { } before)
            {
                KeepDataDisk(disk, before);
                stays.Add(before.Key);
            }
            else
            {
                AddDataDisk(disk, lun);
            }

            kept.Add(disk.Node!);
        }

        if (size is not null && kept.Count > size.MaxDataDiskCount)
        {
            _findings.Refused(
                "OperationNotAllowed", "dataDisks",
                $"The maximum number of data disks allowed to be attached to a VM of this size is {size.MaxDataDiskCount}; {kept.Count} are asked for, and the size is {size.Name}.",
                "Attach fewer disks, or choose a larger size.");
        }

        storage.Node!["dataDisks"] = new JsonArray([.. kept.OrderBy(disk => disk.Number("lun")).Select(disk => disk.DeepClone())]);
        Dropped = [.. _before?.DataDisks.Where(disk => !stays.Contains(disk.Key)) ?? []];
    }

    private int? ReadLun(BodyPart disk, HashSet<int> luns)
    {
        if (disk.Number("lun") is not { } lun)
        {
            if (disk.Node!["lun"] is null)
            {
                _findings.Missing(disk.PathOf("lun"), $"Give each data disk a LUN from 0 to {GreatestLun}.");
            }

            return null;
        }

        if (lun is < 0 or > GreatestLun)
        {
            _findings.Invalid(disk.PathOf("lun"), $"The value '{lun}' of parameter 'dataDisk.lun' is out of range: expected 0 to {GreatestLun}.", "Choose another LUN.");
            return null;
        }

        if (!luns.Add(lun))
        {
            _findings.Invalid(disk.PathOf("lun"), $"The LUN {lun} is given to more than one data disk.", "Give each data disk a LUN of its own.");
            return null;
        }

        return lun;
    }

    private void KeepDataDisk(BodyPart disk, VmDisk before)
    {
        JsonObject stored = _context.Found!.Desired["properties"].Objects("storageProfile", "dataDisks").First(other => other.Number("lun") == before.Lun);
        string? id = disk.Part("managedDisk").Text("id");
        if (id is not null && !id.Equals(before.DiskId, StringComparison.OrdinalIgnoreCase))
        {
            _findings.Fixed("dataDisk.managedDisk.id", before.DiskId, id, $"Detach the disk of LUN {before.Lun} first, in a request of its own.");
        }
        else if (disk.Text("name") is { } name && !name.Equals(before.Name, StringComparison.OrdinalIgnoreCase))
        {
            _findings.Fixed("dataDisk.name", before.Name, name, $"Detach the disk of LUN {before.Lun} first, in a request of its own.");
        }

        Overlay(disk, (JsonObject)stored.DeepClone());
        _diskKeys.Add(before.Key);
    }

    private void AddDataDisk(BodyPart disk, int lun)
    {
        string? option = disk.Choice("createOption", "Empty", "Attach");
        if (option is null)
        {
            if (disk.Node!["createOption"] is null)
            {
                _findings.Missing(disk.PathOf("createOption"), "Give Empty or Attach.");
            }

            return;
        }

        disk.Node!["createOption"] = option;
        SetCommon(disk, "None");
        if (option == "Attach")
        {
            TakeDisk(disk, lun, osType: null);
            return;
        }

        if (disk.Part("managedDisk").Text("id") is not null || disk.Node["vhd"] is not null)
        {
            _findings.Invalid(disk.PathOf("createOption"), $"The data disk of LUN {lun} names a disk that exists, and createOption is Empty.", "Say Attach.");
            return;
        }

        if (disk.Node["diskSizeGB"] is null)
        {
            _findings.Missing(disk.PathOf("diskSizeGB"), "Give the size of the new disk in GiB.");
            return;
        }

        if (ReadDiskSize(disk) is { } sizeInGB)
        {
            ClaimNew(disk, NewDiskName($"disk{lun + 2}"), new JsonObject { ["createOption"] = "Empty" }, sizeInGB, osType: null);
        }
    }
}
