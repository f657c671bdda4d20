using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmDraft
{
    private static readonly string[] Controllers = [VmDocument.Scsi, VmDocument.Nvme];

    /// <summary>Whether the firmware is UEFI: what the image says, or the OS disk; for a virtual machine that exists, what it is. Null while none of them is known.</summary>
    private bool? IsGeneration2
    {
        get
        {
            if (_before is not null)
            {
                return _before.Intent.IsGeneration2;
            }

            string? diskId = _properties.Node.Text("storageProfile", "osDisk", "managedDisk", "id");
            VmDiskClaim? osDisk = _claims.FirstOrDefault(claim => claim.Id.Text == diskId);
            JsonObject? source = _image?.Desired ?? osDisk?.Existing?.Desired ?? osDisk?.Document;
            return source is null ? null : source["properties"].Text("hyperVGeneration") == "V2";
        }
    }

    /// <summary>
    /// The controller of the OS disk. As in Azure: NVMe is for generation 2; where generation 2 says nothing it is SCSI; and it changes while the virtual machine is deallocated, or
    /// with its size.
    /// </summary>
    private void ReadController()
    {
        const string Name = "diskControllerType";
        BodyPart storage = _properties.Part("storageProfile");
        if (!storage.IsThere)
        {
            return;
        }

        string? asked = storage.Choice(Name, Controllers);
        string? before = _context.Found?.Desired["properties"].Text("storageProfile", Name);
        string? controller = asked ?? before ?? (IsGeneration2 == true ? VmDocument.Scsi : null);
        if (controller == VmDocument.Nvme && IsGeneration2 == false)
        {
            _findings.Invalid(
                storage.PathOf(Name),
                $"The value 'NVMe' of parameter '{storage.PathOf(Name)}' is invalid: {WhatIsGeneration1()} is of generation 1 (BIOS), which does not start from NVMe; expected generation 2 (UEFI). Give SCSI, or a disk or an image of generation 2.",
                "Give SCSI, or a disk or an image of generation 2.");
        }
        else if (_before is not null && (controller ?? VmDocument.Scsi) != (before ?? VmDocument.Scsi))
        {
            CheckControllerChange(storage.PathOf(Name), before ?? VmDocument.Scsi, controller ?? VmDocument.Scsi);
        }

        storage.Node!.Remove(Name);
        if (controller is not null)
        {
            storage.Node[Name] = controller;
        }
    }

    private string WhatIsGeneration1() => _before is not null ? $"the virtual machine '{_context.Id.Name}'"
        : _image is { } image ? $"the image '{image.Id.Name}'"
        : $"the disk '{_properties.Node.Text("storageProfile", "osDisk", "name")}'";

    private void CheckControllerChange(string field, string before, string asked)
    {
        bool isResized = _properties.Node.Text("hardwareProfile", "vmSize") is { } size && size != _before!.Size;
        if (_before!.Intent.Power != VmPower.Deallocated && !isResized)
        {
            _findings.Refused(
                "OperationNotAllowed", field,
                $"The disk controller type of '{_context.Id.Name}' cannot be changed from {before} to {asked}: the virtual machine is {_before.Intent.Power}, expected Deallocated.",
                "Deallocate it first (Stop-VMInstance -Deallocate), or change its size in the same request.");
        }
    }
}
