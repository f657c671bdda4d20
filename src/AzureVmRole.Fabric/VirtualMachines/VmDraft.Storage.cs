using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmDraft
{
    private const int GreatestLun = 63;
    private const int LargestDiskInGB = 32_767;
    private const long GiB = 1L << 30;

    private static readonly string[] Cachings = ["None", "ReadOnly", "ReadWrite"];
    private static readonly string[] DeleteOptions = ["Detach", "Delete"];
    private static readonly string[] StorageTypes =
    [
        "Standard_LRS", "Premium_LRS", "StandardSSD_LRS", "UltraSSD_LRS", "Premium_ZRS", "StandardSSD_ZRS", "PremiumV2_LRS",
    ];

    private readonly HashSet<string> _diskKeys = new(StringComparer.Ordinal);
    private Resource? _image;

    private void ReadStorage(VmSize? size)
    {
        BodyPart storage = _properties.Part("storageProfile");
        if (!storage.IsThere)
        {
            _findings.Missing("storageProfile", "Give an OS disk: made from an image, or an existing disk.");
            return;
        }

        ReadImage(storage);
        BodyPart osDisk = storage.Part("osDisk");
        if (osDisk.IsThere || storage.Node!["imageReference"] is null)
        {
            ReadOSDisk(osDisk, storage);
        }
        else
        {
            var made = new JsonObject { ["createOption"] = "FromImage" };
            storage.Node["osDisk"] = made;
            ReadOSDisk(storage.Part("osDisk"), storage);
        }

        ReadDataDisks(storage, size);
    }

    private void ReadImage(BodyPart storage)
    {
        BodyPart reference = storage.Part("imageReference");
        if (_before is not null)
        {
            if (reference.IsThere && !string.Equals(reference.Text("id"), _before.ImageId, StringComparison.OrdinalIgnoreCase))
            {
                _findings.Fixed("imageReference", _before.ImageId, reference.Text("id"), "Make a new virtual machine from the other image.");
            }
            else if (_before.ImageId is { } imageId)
            {
                storage.Node!["imageReference"] = new JsonObject { ["id"] = imageId };
            }

            return;
        }

        if (!reference.IsThere)
        {
            return;
        }

        if (reference.Text("id") is not { } id)
        {
            string name = string.Join(':', ((string[])["publisher", "offer", "sku", "version"]).Select(part => reference.Text(part) ?? ""));
            _findings.Add(
                System.Net.HttpStatusCode.NotFound, "PlatformImageNotFound", "imageReference", $"The platform image '{name}' is not available: this fabric has no marketplace.",
                "Register an image, and give its id as imageReference.id.");
            return;
        }

        _image = FindImage(id);
    }

    private Resource? FindImage(string id)
    {
        if (!ResourceId.TryParse(id, out ResourceId? imageId) || imageId.Type != ResourceType.Images)
        {
            _findings.Invalid("imageReference.id", $"The value '{id}' of parameter 'imageReference.id' is invalid: it is no id of an image.", "Give the id of a resource of type Microsoft.Compute/images.");
            return null;
        }

        if (_context.Table.Find(imageId) is not { } image)
        {
            _findings.Add(
                System.Net.HttpStatusCode.NotFound, "ResourceNotFound", "imageReference.id",
                $"The Resource 'Microsoft.Compute/images/{imageId.Name}' under resource group '{imageId.GroupName}' was not found.", "Register the image first, or correct the id.");
            return null;
        }

        if (image.State is not (ProvisioningState.Succeeded or ProvisioningState.Updating))
        {
            _findings.Refused(
                "OperationNotAllowed", "imageReference.id", $"The image '{image.Id.Name}' is {image.State}, expected Succeeded.", "Wait until it is there, or register it again.");
        }

        if (Location.Length > 0 && image.Location != Location)
        {
            _findings.Invalid(
                "imageReference.id", $"The image '{image.Id.Name}' is in location '{image.Location}', and the virtual machine in '{Location}'.",
                "Copy the VHD to the other location with Copy-BaseVhd, and register it there.");
        }

        return image;
    }

    private void ReadOSDisk(BodyPart disk, BodyPart storage)
    {
        if (!disk.IsThere)
        {
            _findings.Missing("osDisk", "Give an OS disk: made from an image, or an existing disk.");
            return;
        }

        if (_before is not null)
        {
            KeepOSDisk(disk);
            return;
        }

        string? option = disk.Choice("createOption", "FromImage", "Attach");
        if (option is null)
        {
            if (disk.Node!["createOption"] is null)
            {
                _findings.Missing("osDisk.createOption", "Give FromImage or Attach.");
            }

            return;
        }

        disk.Node!["createOption"] = option;
        SetCommon(disk, "ReadWrite");
        string? osType = disk.Choice("osType", "Linux", "Windows");
        if (option == "Attach")
        {
            TakeDisk(disk, VmDisk.OSLun, osType);
            if (storage.Node!["imageReference"] is not null)
            {
                _findings.Invalid("imageReference", "Parameter 'imageReference' is not allowed: the OS disk is attached.", "Leave one of both out.");
            }
        }
        else
        {
            MakeOSDisk(disk, storage, osType);
        }
    }

    private void MakeOSDisk(BodyPart disk, BodyPart storage, string? osType)
    {
        if (disk.Node!["vhd"] is not null)
        {
            _findings.Invalid("osDisk.vhd", "Parameter 'osDisk.vhd' is not allowed with createOption FromImage: the fabric names the disks that it makes.", "Leave it out.");
        }

        if (storage.Node!["imageReference"] is null)
        {
            _findings.Missing("imageReference", "Give the id of an image, or attach a disk.");
        }

        if (_image is not { } image)
        {
            return;
        }

        JsonNode? source = image.Desired["properties"].At("storageProfile", "osDisk");
        string imageType = source.Text("osType") ?? osType ?? "Linux";
        if (osType is not null && osType != imageType)
        {
            _findings.Invalid("osDisk.osType", $"The value '{osType}' of parameter 'osDisk.osType' is invalid: the image holds {imageType}.", "Leave it out.");
        }

        long imageSize = image.Observed.Number("sizeBytes") ?? 0;
        int? sizeInGB = ReadDiskSize(disk);
        if (sizeInGB is { } size && size * GiB < imageSize)
        {
            _findings.Invalid(
                "osDisk.diskSizeGB",
                $"The specified disk size {size} GB is smaller than the size of the corresponding disk in the VM image: {(imageSize + GiB - 1) / GiB} GB. This is not allowed.",
                "Choose an equal or greater size, or do not specify an explicit size.");
        }

        disk.Node["osType"] = imageType;
        var creation = new JsonObject { ["createOption"] = "FromImage", ["imageReference"] = new JsonObject { ["id"] = image.Id.Text } };
        ClaimNew(disk, NewDiskName("OsDisk_1"), creation, sizeInGB, imageType);
    }

    /// <summary>The OS disk of a virtual machine that exists: caching and deletion can change, and a stopped one can get another disk.</summary>
    private void KeepOSDisk(BodyPart disk)
    {
        VmDisk before = _before!.OSDisk;
        var stored = (JsonObject)_context.Found!.Desired["properties"].At("storageProfile", "osDisk")!.DeepClone();
        string? id = disk.Part("managedDisk").Text("id");
        if (id is not null && !id.Equals(before.DiskId, StringComparison.OrdinalIgnoreCase))
        {
            SwapOSDisk(disk, id);
            return;
        }

        if (disk.Text("name") is { } name && !name.Equals(before.Name, StringComparison.OrdinalIgnoreCase))
        {
            _findings.Fixed("osDisk.name", before.Name, name, "Leave the name as it is.");
        }

        Overlay(disk, stored);
        _diskKeys.Add(before.Key);
    }

    private void SwapOSDisk(BodyPart disk, string id)
    {
        if (_before!.Intent.Power == VmPower.Running)
        {
            _findings.Refused(
                "OperationNotAllowed", "osDisk.managedDisk.id", $"The OS disk cannot be swapped for '{id}' while the virtual machine runs.", "Stop it first.");
            return;
        }

        disk.Node!["createOption"] = "Attach";
        disk.Node.Remove("name");
        SetCommon(disk, "ReadWrite");
        TakeDisk(disk, VmDisk.OSLun, _before.OSType);
    }

    /// <summary>Gives a disk that stays what is stored of it, with the members that can change.</summary>
    private static void Overlay(BodyPart disk, JsonObject stored)
    {
        string caching = disk.Choice("caching", Cachings) ?? stored.Text("caching") ?? "None";
        string deletion = disk.Choice("deleteOption", DeleteOptions) ?? stored.Text("deleteOption") ?? "Detach";
        foreach (KeyValuePair<string, JsonNode?> member in stored)
        {
            disk.Node![member.Key] = member.Value?.DeepClone();
        }

        disk.Node!["caching"] = caching;
        disk.Node["deleteOption"] = deletion;
        disk.Node.Remove("toBeDetached");
        disk.Node.Remove("vhd");
    }

    private static void SetCommon(BodyPart disk, string caching)
    {
        disk.Node!["caching"] = disk.Choice("caching", Cachings) ?? caching;
        disk.Node["deleteOption"] = disk.Choice("deleteOption", DeleteOptions) ?? "Detach";
        disk.Node.Remove("toBeDetached");
    }

    private int? ReadDiskSize(BodyPart disk)
    {
        if (disk.Number("diskSizeGB") is not { } size)
        {
            return null;
        }

        if (size is > 0 and <= LargestDiskInGB)
        {
            return size;
        }

        _findings.Invalid(
            disk.PathOf("diskSizeGB"), $"The value '{size}' of parameter '{disk.PathOf("diskSizeGB")}' is out of range: expected 1 to {LargestDiskInGB}.", "Correct the size.");
        return null;
    }
}
