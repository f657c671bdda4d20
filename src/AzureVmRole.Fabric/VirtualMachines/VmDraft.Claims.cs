using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmDraft
{
    private const int LongestNameInDisk = 36;

    /// <summary>A name as Azure makes it: <c>web1_OsDisk_1_0123456789abcdef0123456789abcdef</c>.</summary>
    private string NewDiskName(string part)
    {
        string name = _context.Id.Name;
        return $"{name[..Math.Min(name.Length, LongestNameInDisk)]}_{part}_{Guid.NewGuid():N}";
    }

    /// <summary>Attaches a disk that exists, or registers one on a VHD in storage.</summary>
    private void TakeDisk(BodyPart disk, int lun, string? osType)
    {
        if (disk.Part("managedDisk").Text("id") is { } id)
        {
            disk.Node!.Remove("vhd");
            ClaimExisting(disk, id, lun, osType);
            return;
        }

        if (disk.Part("vhd").Text("uri") is { } uri)
        {
            ClaimVhd(disk, uri, lun, osType);
            return;
        }

        _findings.Missing(disk.PathOf("managedDisk.id"), "Give the id of the disk to attach, or the address of a VHD in storage as vhd.uri.");
    }

    private void ClaimExisting(BodyPart disk, string id, int lun, string? osType)
    {
        string field = disk.PathOf("managedDisk.id");
        if (!ResourceId.TryParse(id, out ResourceId? diskId) || diskId.Type != ResourceType.Disks)
        {
            _findings.Invalid(field, $"The value '{id}' of parameter '{field}' is invalid: it is no id of a disk.", "Give the id of a resource of type Microsoft.Compute/disks.");
            return;
        }

        if (_context.Table.Find(diskId) is not { } found)
        {
            _findings.Add(
                HttpStatusCode.NotFound, "ResourceNotFound", field,
                $"The Resource 'Microsoft.Compute/disks/{diskId.Name}' under resource group '{diskId.GroupName}' was not found.", "Make the disk first, or correct the id.");
            return;
        }

        if (!_diskKeys.Add(found.Id.Key))
        {
            _findings.Invalid(field, $"The disk '{found.Id.Name}' is named more than once.", "Name each disk once.");
            return;
        }

        CheckOwner(field, found);
        CheckDisk(field, found);
        if (lun == VmDisk.OSLun)
        {
            string? diskType = found.Desired["properties"].Text("osType");
            disk.Node!["osType"] = diskType ?? osType;
            if ((diskType ?? osType) is null)
            {
                _findings.Missing(disk.PathOf("osType"), "Say whether the disk holds Linux or Windows.");
            }
            else if (diskType is not null && osType is not null && diskType != osType)
            {
                _findings.Invalid(disk.PathOf("osType"), $"The value '{osType}' of parameter 'osDisk.osType' is invalid: the disk holds {diskType}.", "Leave it out.");
            }
        }

        Fill(disk, found.Id, found.Desired["sku"].Text("name"));
        if (found.Desired["properties"].Number("diskSizeGB") is { } size)
        {
            disk.Node!["diskSizeGB"] = size;
        }

        _claims.Add(new VmDiskClaim(found.Id, found, null));
    }

    private void CheckOwner(string field, Resource disk)
    {
        if (VmDiskRows.OwnerOf(disk) is not { } owner)
        {
            return;
        }

        if (owner.Equals(_context.Id.Text, StringComparison.OrdinalIgnoreCase))
        {
            string message = _before?.AllDisks.Any(own => own.Key == disk.Id.Key) == true
                ? $"The disk '{disk.Id.Name}' is attached to '{_context.Id.Name}' already, with another LUN."
                : $"Cannot attach data disk '{disk.Id.Name}' to virtual machine '{_context.Id.Name}' because the disk is currently being detached.";
            _findings.Refused("AttachDiskWhileBeingDetached", field, message, "Wait until the disk is completely detached, and then try again.");
            return;
        }

        _findings.Refused(
            "ConflictingUserInput", field, $"Disk '{disk.Id.Name}' cannot be attached as the disk is already owned by VM '{owner}'.", "Detach it there first, or give another disk.");
    }

    private void CheckDisk(string field, Resource disk)
    {
        if (Location.Length > 0 && disk.Location != Location)
        {
            _findings.Invalid(field, $"The disk '{disk.Id.Name}' is in location '{disk.Location}', and the virtual machine in '{Location}'.", "Give a disk of the same location.");
        }

        if (disk.State is ProvisioningState.Failed or ProvisioningState.Deleting)
        {
            _findings.Refused("OperationNotAllowed", field, $"The disk '{disk.Id.Name}' is {disk.State}, expected Succeeded.", "Give another disk.");
        }
    }

    private void ClaimVhd(BodyPart disk, string uri, int lun, string? osType)
    {
        string field = disk.PathOf("vhd.uri");
        if (_context.Vhds.GetValueOrDefault(uri) is not { } vhd)
        {
            _findings.Invalid(field, $"The value '{MediaErrors.Shown(uri)}' of parameter '{field}' is invalid.", "Give the address of a VHD in the location's store.");
            return;
        }

        if (vhd.Refusal is { } refusal)
        {
            _findings.Add(refusal);
            return;
        }

        if (lun == VmDisk.OSLun && osType is null)
        {
            _findings.Missing(disk.PathOf("osType"), "Say whether the disk holds Linux or Windows.");
            return;
        }

        disk.Node!.Remove("vhd");
        var creation = new JsonObject { ["createOption"] = "Import", ["sourceUri"] = vhd.Uri };
        ClaimNew(disk, NewDiskName(lun == VmDisk.OSLun ? "OsDisk_1" : $"disk{lun + 2}"), creation, sizeInGB: null, osType);
    }

    private void ClaimNew(BodyPart disk, string freshName, JsonObject creation, int? sizeInGB, string? osType)
    {
        ResourceId id = _context.Id.Of(ResourceType.Disks, disk.Text("name") ?? freshName);
        if (!_diskKeys.Add(id.Key))
        {
            _findings.Invalid(disk.PathOf("name"), $"The disk '{id.Name}' is named more than once.", "Give each disk a name of its own.");
            return;
        }

        if (!VmDiskRows.IsGoodName(id.Name))
        {
            _findings.Invalid(
                disk.PathOf("name"), $"The name '{id.Name}' is no name of a disk: expected 1 to 80 letters, digits, '_', '.' and '-', with a letter, a digit or '_' at both ends.",
                "Give another name.");
            return;
        }

        if (_context.Table.Find(id) is not null)
        {
            _findings.Refused(
                "Conflict", disk.PathOf("name"), $"Disk '{id.Name}' already exists in resource group '{id.GroupName}'. Only CreateOption.Attach is supported.",
                "Attach it, or give another name.");
            return;
        }

        string sku = disk.Part("managedDisk").Choice("storageAccountType", StorageTypes) ?? "Standard_LRS";
        Fill(disk, id, sku);
        var properties = new JsonObject { ["creationData"] = creation };
        if (osType is not null)
        {
            properties["osType"] = osType;
            properties["hyperVGeneration"] = _image?.Desired["properties"].Text("hyperVGeneration") ?? "V1";
        }

        if (sizeInGB is { } size)
        {
            properties["diskSizeGB"] = size;
        }

        _claims.Add(new VmDiskClaim(id, null, new JsonObject { ["sku"] = new JsonObject { ["name"] = sku }, ["properties"] = properties }));
    }

    private static void Fill(BodyPart disk, ResourceId id, string? sku)
    {
        disk.Node!["name"] = id.Name;
        JsonObject managed = disk.Node["managedDisk"] as JsonObject ?? [];
        managed["id"] = id.Text;
        if (sku is not null)
        {
            managed["storageAccountType"] = sku;
        }

        if (managed.Parent is null)
        {
            disk.Node["managedDisk"] = managed;
        }
    }
}
