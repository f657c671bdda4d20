using System.Net;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmWork
{
    private static string BlobOf(Resource disk) => disk.Observed.Text("blob") ?? throw new FabricException(
        HttpStatusCode.Conflict, "DiskProcessingError", disk.Id.Name, $"The disk '{disk.Id.Name}' has no blob.", "Delete the disk, and attach another one.");

    private Resource DiskOf(string key) => _disks.GetValueOrDefault(key) ?? throw new FabricException(
        HttpStatusCode.Conflict, "DiskProcessingError", key, $"The disk '{key}' does not exist any more.", "Detach it, or attach another disk.");

    private GuestDisk GuestDiskOf(VmAttachment disk)
    {
        Resource row = DiskOf(disk.Key);
        return new GuestDisk(disk.Lun, Media.PathOf(BlobOf(row)), row.Observed.Number("sizeBytes") ?? 0, disk.Caching, row.Id.Name, row.Id.Text);
    }

    private async Task LeaseAsync(VmAttachment disk, CancellationToken cancellationToken)
    {
        Resource row = DiskOf(disk.Key);
        string leaseId = row.Observed.Text("leaseId") ?? throw new FabricException(
            HttpStatusCode.Conflict, "DiskProcessingError", row.Id.Name, $"The disk '{row.Id.Name}' has no lease.", "Delete the disk, and attach another one.");
        await Media.LeaseAsync(BlobOf(row), leaseId, id.Text, cancellationToken).ConfigureAwait(false);
        See(_observed.With(disk));
    }

    /// <summary>Gives a disk's lease back; its owner goes in the same transaction as the note of it, or with the virtual machine.</summary>
    private async Task ReleaseAsync(string diskId, CancellationToken cancellationToken)
    {
        string key = diskId.ToLowerInvariant();
        if (_disks.TryGetValue(key, out Resource? disk) && IsOurs(disk) && disk.Observed.Text("leaseId") is { } leaseId && disk.Observed.Text("blob") is { } blob)
        {
            await Media.ReleaseAsync(blob, leaseId, cancellationToken).ConfigureAwait(false);
        }

        See(_observed.Without(key));
        if (Row.State == ProvisioningState.Deleting)
        {
            return;
        }

        parts.Database.Change(table =>
        {
            VmDiskRows.Free(table, diskId, id, isDeleted: false);
            if (table.Find(id) is { } row)
            {
                var intent = VmIntent.Parse(row.Desired);
                string[] releasing = [.. intent.Releasing.Where(other => !other.Equals(diskId, StringComparison.OrdinalIgnoreCase))];
                table.Save(row with { Desired = (intent with { Releasing = releasing }).In(row.Desired), Observed = _observed.ToJson() });
            }

            return true;
        });
        _isDirty = false;
    }

    private bool IsOurs(Resource disk) => VmDiskRows.OwnerOf(disk)?.Equals(id.Text, StringComparison.OrdinalIgnoreCase) == true;
}
