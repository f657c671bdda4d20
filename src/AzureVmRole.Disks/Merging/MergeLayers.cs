using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Merging;

/// <summary>The differences of a merge, opened for this process alone and known to be the planned ones.</summary>
internal sealed class MergeLayers : IDisposable
{
    private readonly List<VirtualDisk> _disks = [];

    /// <summary>The differences, the one next to the target first, each without what is beneath it.</summary>
    public IReadOnlyList<VirtualDisk> Disks => _disks;

    /// <summary>Opens the differences that are still there; of a merge that is only to be cleaned up some may be gone.</summary>
    /// <exception cref="DiskOperationException">One is in use, missing or another disk than planned.</exception>
    public static MergeLayers Open(MergePlan plan)
    {
        var layers = new MergeLayers();
        try
        {
            if (plan.IsCopied)
            {
                using var target = DiskFile.OpenRead(plan.TargetPath);
                Require(VhdReader.OpenAlone(target), plan.TargetIdentifier);
            }

            // At the very end the plan itself stands where the top disk was.
            int count = plan.IsCopied && !MergePlan.Exists(plan.TopPath) ? 0 : plan.LayerPaths.Count;
            for (int index = 0; index < count; index++)
            {
                if (!plan.IsCopied || File.Exists(plan.LayerPaths[index]))
                {
                    layers.Add(plan.LayerPaths[index], plan.LayerIdentifiers[index]);
                }
            }

            return layers;
        }
        catch
        {
            layers.Dispose();
            throw;
        }
    }

    /// <exception cref="DiskOperationException">The disk is another one than planned.</exception>
    public static void Require(VirtualDisk disk, Guid identifier)
    {
        if (disk.Identifier != identifier)
        {
            throw new DiskOperationException(
                ErrorCode.MergeInterrupted, disk.Path,
                $"An interrupted merge needs the disk with id {identifier} at '{disk.Path}', but the disk there has id {disk.Identifier}.",
                "Put the right disk back and run the merge again.");
        }
    }

    /// <exception cref="DiskOperationException">The target's size changed since the merge was planned.</exception>
    public void RequireSize(VirtualDisk target)
    {
        if (_disks.Find(disk => disk.LengthInBytes != target.LengthInBytes) is { } other)
        {
            throw new DiskOperationException(
                ErrorCode.ParentSizeMismatch, target.Path,
                $"'{other.Path}' has {other.LengthInBytes} bytes, '{target.Path}' has {target.LengthInBytes}; a merge in place needs equal sizes.",
                "Put the right disk back and run the merge again.");
        }
    }

    /// <summary>Lets go of the files where the system removes only files that nobody has open.</summary>
    public void Release()
    {
        if (OperatingSystem.IsWindows())
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        foreach (VirtualDisk disk in _disks)
        {
            disk.Dispose();
        }

        _disks.Clear();
    }

    private void Add(string path, Guid identifier)
    {
        var file = DiskFile.OpenWrite(path);
        try
        {
            EditJournal.Recover(file);
            VirtualDisk disk = VhdReader.OpenAlone(file);
            Require(disk, identifier);
            _disks.Add(disk);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
