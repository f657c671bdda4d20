using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Disks.Vhd;

/// <summary>
/// A VHD opened to be changed in place. Every change goes through a journal: after a kill at any point the disk is the old
/// one or the new one.
/// </summary>
public sealed class VhdEditor : IDisposable
{
    private readonly VirtualDisk _disk;

    private VhdEditor(VirtualDisk disk) => _disk = disk;

    /// <summary>The disk as it is, without its parent.</summary>
    public VirtualDisk Disk => _disk;

    /// <summary>The id of the parent that a differencing disk was made on; empty for others.</summary>
    public Guid ParentIdentifier => ((IVhdDisk)_disk).Header?.ParentUniqueId ?? Guid.Empty;

    private VhdFooterSet Footers => ((IVhdDisk)_disk).Footers;

    /// <summary>Opens a disk and finishes a change to it that was interrupted.</summary>
    /// <exception cref="DiskFormatException">The file breaks the specification.</exception>
    /// <exception cref="DiskOperationException">The file cannot be opened for writing, or is in use.</exception>
    public static VhdEditor Open(string path)
    {
        var file = DiskFile.OpenWrite(path);
        try
        {
            EditJournal.Recover(file);
            return new VhdEditor(VhdReader.OpenAlone(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives the disk another size. A dynamic disk only grows.</summary>
    /// <param name="sizeInBytes">The new virtual size.</param>
    /// <param name="tableWrites">What the partition table needs to fit (<see cref="GptRelocation"/>).</param>
    public void Resize(long sizeInBytes, IReadOnlyList<SectorWrite> tableWrites) =>
        EditJournal.Commit(_disk.File, PlanResize(sizeInBytes, tableWrites), _disk.Identifier);

    /// <summary>Writes footers and headers anew, as the specification and Azure want them.</summary>
    /// <param name="sizeInBytes">The virtual size that the disk is to have: the present one, or larger.</param>
    /// <param name="tableWrites">What the partition table needs.</param>
    public void Repair(long sizeInBytes, IReadOnlyList<SectorWrite> tableWrites) =>
        EditJournal.Commit(_disk.File, PlanRepair(sizeInBytes, tableWrites), _disk.Identifier);

    /// <summary>Points a differencing disk to a parent, whatever it pointed to before.</summary>
    /// <param name="parent">The parent, opened.</param>
    public void SetParent(VirtualDisk parent) =>
        EditJournal.Commit(_disk.File, PlanParent(parent), _disk.Identifier);

    /// <inheritdoc/>
    public void Dispose() => _disk.Dispose();

    internal DiskEdit PlanResize(long sizeInBytes, IReadOnlyList<SectorWrite> tableWrites) =>
        PlanFooter(Footers.Footer, sizeInBytes, tableWrites);

    internal DiskEdit PlanRepair(long sizeInBytes, IReadOnlyList<SectorWrite> tableWrites)
    {
        DiskEdit edit = PlanFooter(VhdFooterRepair.Mend(Footers.Footer, _disk.LengthInBytes), sizeInBytes, tableWrites);
        if (sizeInBytes == _disk.LengthInBytes && tableWrites.Count == 0)
        {
            // The guest's bytes are the same, so the differences on this disk are still right.
            edit.LastWriteTimeUtc = _disk.File.LastWriteTimeUtc;
        }

        return edit;
    }

    internal DiskEdit PlanParent(VirtualDisk parent)
    {
        DiskEdit edit = CreateDynamicEdit((DynamicVhdDisk)_disk).SetParent(parent).Finish();

        // What the disk itself holds is the same, so the differences on it are still right.
        edit.LastWriteTimeUtc = _disk.File.LastWriteTimeUtc;
        return edit;
    }

    private DiskEdit PlanFooter(VhdFooter footer, long sizeInBytes, IReadOnlyList<SectorWrite> tableWrites)
    {
        if (_disk is DynamicVhdDisk dynamic)
        {
            DynamicVhdEdit edit = CreateDynamicEdit(dynamic);
            edit.Footer = footer;
            if (sizeInBytes > _disk.LengthInBytes)
            {
                edit.GrowTo(sizeInBytes);
            }

            return Touched(edit.Write(tableWrites).Finish());
        }

        VhdFooter resized = footer with
        {
            CurrentSize = (ulong)sizeInBytes,
            Geometry = VhdGeometry.FromSize(sizeInBytes),
        };
        return Touched(FixedVhdEdit.Plan(_disk.File.Length, Footers.DataEnd, resized, tableWrites));
    }

    private DiskEdit Touched(DiskEdit edit)
    {
        edit.LastWriteTimeUtc = ModificationTime.After(_disk.File.LastWriteTimeUtc, TimeProvider.System);
        return edit;
    }

    private static DynamicVhdEdit CreateDynamicEdit(DynamicVhdDisk disk) =>
        new(disk.File, disk.Footers, disk.Header ?? default, disk.Table);
}
