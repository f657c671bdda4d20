using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Makes differencing VHDs.</summary>
public static class DifferencingVhd
{
    private const int TableOffset = VhdFooter.Size + VhdDynamicHeader.Size;

    /// <summary>Writes a differencing disk that holds nothing yet into an empty file.</summary>
    /// <param name="file">The empty file.</param>
    /// <param name="finalPath">The path that the file will have: relative parent paths start at its folder.</param>
    /// <param name="parent">The parent, opened.</param>
    /// <param name="blockSizeInBytes">The block size, a power of two.</param>
    /// <param name="timeUtc">The time of creation.</param>
    /// <exception cref="DiskOperationException">The parent is no VHD.</exception>
    public static void Create(DiskFile file, string finalPath, VirtualDisk parent, int blockSizeInBytes, DateTime timeUtc)
    {
        if (parent is not IVhdDisk)
        {
            throw NotVhd(parent);
        }

        var layout = new VhdBlockLayout(blockSizeInBytes);
        var table = VhdBlockTable.CreateEmpty((int)layout.BlockCount(parent.LengthInBytes));
        byte[] tableBytes = table.ToArray(table.Count);
        var paths = new VhdParentPaths(finalPath, parent.Path);
        long pathsOffset = TableOffset + tableBytes.Length;
        byte[] header = new byte[VhdDynamicHeader.Size];
        new VhdDynamicHeader
        {
            DataOffset = VhdFormatConstants.NoDataOffset,
            TableOffset = TableOffset,
            Version = VhdFormatConstants.Version,
            MaxTableEntries = (uint)table.Count,
            BlockSize = (uint)blockSizeInBytes,
            ParentUniqueId = parent.Identifier,
            ParentTimeStamp = ParentTimeStamp(parent),
            ParentName = Path.GetFileName(parent.Path),
            Locators = paths.LocatorsAt(pathsOffset),
        }.WriteTo(header);
        byte[] footer = VhdFooter.Create(VhdType.Differencing, parent.LengthInBytes, Guid.NewGuid(), timeUtc).ToArray();
        file.Write(0, footer);
        file.Write(VhdFooter.Size, header);
        file.Write(TableOffset, tableBytes);
        file.Write(pathsOffset, paths.ToArray());
        file.Write(pathsOffset + paths.SizeInBytes, footer);
    }

    /// <summary>"Parent Time Stamp": the modification time of the parent's file.</summary>
    internal static uint ParentTimeStamp(VirtualDisk parent) =>
        VhdFormatConstants.ToTimeStamp(parent.File.LastWriteTimeUtc);

    /// <summary>The error for a parent of another format.</summary>
    internal static DiskOperationException NotVhd(VirtualDisk parent) => new(
        ErrorCode.DiskFormatUnsupported, parent.Path,
        $"'{parent.Path}' is a {parent.Format} disk; the parent of a differencing VHD must be a VHD.",
        "Convert it to a VHD with Convert-BaseVhd and make the difference on that.");
}
