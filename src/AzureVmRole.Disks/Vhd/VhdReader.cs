using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Opens a VHD of any type.</summary>
internal static class VhdReader
{
    /// <summary>Whether the file has a VHD footer at its end, a copy of one at its start, or both.</summary>
    public static bool IsVhd(DiskFile file) => VhdFooterReader.HasAny(file);

    /// <summary>Opens a disk and, where it is differencing, its parents.</summary>
    /// <exception cref="DiskFormatException">The file breaks the specification.</exception>
    /// <exception cref="DiskOperationException">A parent is missing or another disk.</exception>
    public static VirtualDisk Open(DiskFile file, DiskChain chain)
    {
        VhdFooterSet footers = VhdFooterReader.Read(file);
        VhdFooter footer = footers.Footer;
        var findings = new List<DiskFinding>(footers.Findings);
        if (footer.DiskType == (uint)VhdType.Fixed)
        {
            long length = footers.DataEnd;
            if ((long)footer.CurrentSize != length)
            {
                findings.Add(VhdRules.CurrentSize(file.Path, footers.DataEnd, footer.CurrentSize, length));
            }

            return new FixedVhdDisk(file, footer, length) { Findings = findings };
        }

        VhdDynamicHeader header = VhdDynamicHeaderReader.Read(file, footer, findings);
        var table = VhdBlockTable.Read(file, footer, header, footers.DataEnd);
        VirtualDisk? parent = footer.DiskType == (uint)VhdType.Differencing
            ? VhdParentLink.Open(file, footer, header, chain)
            : null;
        return new DynamicVhdDisk(file, footer, header, table, parent) { Findings = findings };
    }
}
