using AzureVmRole.Disks.Editing;
using AzureVmRole.Disks.Partitions;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Plans how a fixed VHD gets another size or a mended footer, in place.</summary>
internal static class FixedVhdEdit
{
    /// <summary>Plans the change. At every point of it the file ends in a footer that fits.</summary>
    /// <param name="fileLength">The length of the file now.</param>
    /// <param name="dataLength">Where the present footer starts: the length of the disk now.</param>
    /// <param name="footer">The footer that the file is to have; its current size is the new size.</param>
    /// <param name="tableWrites">What the partition table needs.</param>
    public static DiskEdit Plan(
        long fileLength, long dataLength, VhdFooter footer, IReadOnlyList<SectorWrite> tableWrites)
    {
        long newLength = (long)footer.CurrentSize;
        var edit = new DiskEdit();
        if (newLength > dataLength)
        {
            // The one write that lengthens the file brings the footer with it. What was the footer becomes data.
            edit.Add(newLength, footer.ToArray());
            edit.Add(dataLength, new byte[Math.Min(VhdFooter.Size, fileLength - dataLength)]);
        }

        foreach (SectorWrite write in tableWrites)
        {
            if (write.DiskOffset < newLength)
            {
                edit.Add(write.DiskOffset, write.Data.ToArray());
            }
        }

        if (newLength <= dataLength)
        {
            edit.Add(newLength, footer.ToArray());
        }

        edit.FinalLength = newLength + VhdFooter.Size;
        return edit;
    }
}
