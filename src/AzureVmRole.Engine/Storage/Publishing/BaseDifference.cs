using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>Where a disk can differ from a member of its chain: what the layers above that member hold.</summary>
internal sealed class BaseDifference(SourceDisk top, SourceDisk lower)
{
    private readonly HashSet<DiskFile> _upperFiles = FilesAbove(top.Disk, lower.Disk);

    /// <summary>Ranges of whole leaves, in order; outside of them both disks show the same.</summary>
    public IEnumerable<PageRange> EnumerateLeaves()
    {
        IEnumerable<PageRange> tables = PageRanges.Merge(top.TableWrites.Select(RangeOf), lower.TableWrites.Select(RangeOf));
        return SourceDisk.ToLeaves(PageRanges.Merge(EnumerateLayers(), tables), top.LengthInBytes);
    }

    private static PageRange RangeOf(SectorWrite write) => new(write.DiskOffset, write.Data.Length);

    private static HashSet<DiskFile> FilesAbove(VirtualDisk top, VirtualDisk lower)
    {
        var files = new HashSet<DiskFile>();
        for (VirtualDisk? member = top; member is not null && member != lower; member = member.Parent)
        {
            files.Add(member.File);
        }

        return files;
    }

    private IEnumerable<PageRange> EnumerateLayers()
    {
        foreach (DiskExtent extent in top.Disk.EnumerateExtents(0, top.Disk.LengthInBytes))
        {
            switch (extent)
            {
                case { Kind: ExtentKind.Zero }:
                    // Nobody tells which layer says zero; what the lower disk holds there may be hidden.
                    long length = Math.Clamp(lower.Disk.LengthInBytes - extent.DiskOffset, 0, extent.Length);
                    foreach (DiskExtent hidden in length == 0 ? [] : lower.Disk.EnumerateDataExtents(extent.DiskOffset, length))
                    {
                        yield return new PageRange(hidden.DiskOffset, hidden.Length);
                    }

                    break;
                case { Kind: ExtentKind.File, File: { } file } when !_upperFiles.Contains(file):
                    break;
                default:
                    yield return new PageRange(extent.DiskOffset, extent.Length);
                    break;
            }
        }
    }
}
