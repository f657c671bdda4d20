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
    public static VirtualDisk Open(DiskFile file, DiskChain chain) =>
        Open(file, (footer, header) => VhdParentLink.Open(file, footer, header, chain));

    /// <summary>Opens a disk without its parent: where it holds nothing it shows zeros.</summary>
    /// <exception cref="DiskFormatException">The file breaks the specification.</exception>
    public static VirtualDisk OpenAlone(DiskFile file) => Open(file, (_, _) => null);

    private static VirtualDisk Open(DiskFile file, Func<VhdFooter, VhdDynamicHeader, VirtualDisk?> openParent)
    {
        VhdFooterSet footers = VhdFooterReader.Read(file);
        VhdFooter footer = footers.Footer;
        var findings = new List<DiskFinding>(footers.Findings);
        if (file.IsOverlaid(0, file.Length))
        {
            findings.Add(VhdRules.ChangeInterrupted(file.Path));
        }

        if (footer.DiskType == (uint)VhdType.Fixed)
        {
            long length = footers.DataEnd;
            if (footer.CurrentSize != (ulong)length)
            {
                findings.Add(VhdRules.CurrentSize(file.Path, footers.DataEnd, footer.CurrentSize, length));
            }

            return new FixedVhdDisk(file, footers, length) { Findings = findings };
        }

        VhdDynamicHeader header = VhdDynamicHeaderReader.Read(file, footer, findings);
        var table = VhdBlockTable.Read(file, footer, header, footers.DataEnd);
        VirtualDisk? parent = footer.DiskType == (uint)VhdType.Differencing
            ? openParent(footer, header)
            : null;
        return new DynamicVhdDisk(file, footers, header, table, parent) { Findings = findings };
    }
}
