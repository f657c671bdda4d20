using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>The rules of a footer that must hold before anything else of the file is believed.</summary>
internal static class VhdFooterCheck
{
    /// <exception cref="DiskFormatException">The first field that is wrong.</exception>
    public static void Check(DiskFile file, VhdFooter footer, long footerOffset)
    {
        if (footer.Version != VhdFormatConstants.Version)
        {
            throw Wrong(file, "File Format Version", footerOffset + 12, $"0x{footer.Version:X8}", "0x00010000");
        }

        if (footer.DiskType is < (uint)VhdType.Fixed or > (uint)VhdType.Differencing)
        {
            throw Wrong(file, "Disk Type", footerOffset + 60, $"{footer.DiskType}", "2 (fixed), 3 (dynamic) or 4 (differencing)");
        }

        bool isFixed = footer.DiskType == (uint)VhdType.Fixed;
        if (!isFixed && (footer.CurrentSize == 0 || footer.CurrentSize > (ulong)VhdFormatConstants.MaximumSize
            || footer.CurrentSize % VhdFormatConstants.SectorSize != 0))
        {
            throw Wrong(
                file, "Current Size", footerOffset + VhdFooter.CurrentSizeOffset, $"{footer.CurrentSize}",
                $"a whole number of sectors up to {VhdFormatConstants.MaximumSize}");
        }

        if (isFixed && footerOffset % VhdFormatConstants.SectorSize != 0)
        {
            throw Wrong(
                file, "file length", footerOffset, $"{footerOffset} bytes of data before the footer",
                "a whole number of 512-byte sectors");
        }

        if (isFixed && footerOffset == 0)
        {
            throw Wrong(file, "file length", 0, "no data before the footer", "at least one sector");
        }
    }

    private static DiskFormatException Wrong(DiskFile file, string field, long offset, string found, string expected) => new(
        ErrorCode.VhdFooterInvalid, file.Path, field, offset,
        $"The footer's {field} at offset 0x{offset:X} of '{file.Path}' is {found}, expected {expected}.",
        "Get an intact copy of the disk.");
}
