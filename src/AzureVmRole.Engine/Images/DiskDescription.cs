using AzureVmRole.Disks;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Engine.Images;

/// <summary>Describes an opened disk in the words of Get-VHD.</summary>
internal static class DiskDescription
{
    /// <summary>Opens a disk and describes it.</summary>
    public static BaseVhd Describe(string path)
    {
        using VirtualDisk disk = VirtualDiskFile.Open(path);
        return Describe(disk);
    }

    /// <summary>Describes a disk; reads its partition table and nothing else of its content.</summary>
    public static BaseVhd Describe(VirtualDisk disk)
    {
        var table = PartitionTable.Read(disk);
        return new BaseVhd
        {
            Path = disk.Path,
            VhdFormat = disk.Format,
            VhdType = disk.Type,
            FileSize = disk.File.Length,
            AllocatedSize = disk.File.GetAllocatedLength(),
            Size = disk.LengthInBytes,
            MinimumSize = table.MinimumLengthInWholeMebibytes,
            LogicalSectorSize = disk.LogicalSectorSize,
            PhysicalSectorSize = disk.PhysicalSectorSize,
            BlockSize = disk.BlockSizeInBytes,
            ParentPath = disk.Parent?.Path,
            DiskIdentifier = disk.Identifier,
            Alignment = disk.IsAligned ? 1 : 0,
            Creator = disk.Creator,
            PartitionStyle = table.Style,
            Generation = table.Generation,
            Partitions = [.. table.Partitions],
            Findings = [.. disk.Findings, .. table.Findings],
        };
    }
}
