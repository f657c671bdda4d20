using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>
/// The disk resources of virtual machines. Who owns a disk is written in the transaction that accepts the request, so that no disk ever has two owners.
/// </summary>
internal static class VmDiskRows
{
    private const int LongestName = 80;

    /// <summary>Whether a disk can have this name.</summary>
    public static bool IsGoodName(string name) => name.Length is > 0 and <= LongestName
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-')
        && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_') && (char.IsAsciiLetterOrDigit(name[^1]) || name[^1] == '_');

    /// <summary>The id of the virtual machine that a disk belongs to; null for none.</summary>
    public static string? OwnerOf(Resource disk) => disk.Desired["properties"].Text("managedBy");

    /// <summary>Makes a disk that is claimed, or gives it to its new owner.</summary>
    public static void Claim(Acceptor acceptor, VmDiskClaim claim, Resource machine)
    {
        if (claim.Existing is { } existing)
        {
            acceptor.Table.Save(existing with { Desired = WithOwner(existing.Desired, machine.Id.Text) });
            return;
        }

        acceptor.Table.Save(new Resource
        {
            Id = claim.Id,
            Location = machine.Location,
            Desired = WithOwner(claim.Document!, machine.Id.Text),
            Observed = [],
            Generation = 1,
            ObservedGeneration = 0,
            State = ProvisioningState.Creating,
            Created = acceptor.Now,
        });
        acceptor.Touch(claim.Id);
    }

    /// <summary>Has the disks of a virtual machine that could not be made or changed before be tried again: its next request is a request for them, too.</summary>
    public static void TryAgain(Acceptor acceptor, Resource machine)
    {
        foreach (VmDisk wanted in VmDocument.Parse(machine.Desired).AllDisks)
        {
            if (ResourceId.TryParse(wanted.DiskId, out ResourceId? id) && acceptor.Table.Find(id) is { State: ProvisioningState.Failed } disk
                && machine.Id.Text.Equals(OwnerOf(disk), StringComparison.OrdinalIgnoreCase))
            {
                acceptor.Table.Save(disk with { State = MediaDocument.SizeOf(disk) is null ? ProvisioningState.Creating : ProvisioningState.Updating, Generation = disk.Generation + 1 });
                acceptor.Touch(id);
            }
        }
    }

    /// <summary>Takes the owner off a disk that was given back.</summary>
    /// <param name="table">The transaction.</param>
    /// <param name="diskId">The disk.</param>
    /// <param name="machine">The owner; a disk of another one stays as it is.</param>
    /// <param name="isDeleted">Whether the disk goes, too.</param>
    /// <returns>The disk when its controller has to look at it; null otherwise.</returns>
    public static ResourceId? Free(FabricTable table, string diskId, ResourceId machine, bool isDeleted)
    {
        if (!ResourceId.TryParse(diskId, out ResourceId? id) || table.Find(id) is not { } disk || OwnerOf(disk) is not { } owner
            || !owner.Equals(machine.Text, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Resource free = disk with { Desired = WithOwner(disk.Desired, null) };
        table.Save(isDeleted ? free with { State = ProvisioningState.Deleting, Generation = disk.Generation + 1 } : free);
        return isDeleted ? id : null;
    }

    private static JsonObject WithOwner(JsonObject desired, string? owner)
    {
        var changed = (JsonObject)desired.DeepClone();
        var properties = (JsonObject)changed["properties"]!;
        if (owner is null)
        {
            properties.Remove("managedBy");
        }
        else
        {
            properties["managedBy"] = owner;
        }

        return changed;
    }
}
