using AzureVmRole.Disks.Editing;

namespace AzureVmRole.Disks.Vhd;

/// <summary>The findings that reading a VHD can make. Ids are stable; docs/formats/readiness-rules.md lists them.</summary>
internal static class VhdRules
{
    public static DiskFinding ChangeInterrupted(string path) => Repairable(
        path, "VhdChangeInterrupted", FindingSeverity.Error,
        $"A change to the disk was interrupted; '{path}{EditJournal.Suffix}' holds the rest of it, which was read as if it were done.",
        "A file that other programs read the same way.",
        "Run Repair-BaseVhd, which finishes the change.");

    public static DiskFinding FooterTailMissing(string path, long offset) => Repairable(
        path, "VhdFooterTail", FindingSeverity.Error,
        $"There is no footer at the end of the file (offset 0x{offset:X}); the copy at its start was used.",
        "A footer in the last 512 bytes.",
        "Run Repair-BaseVhd, which writes the footer again from its copy.");

    public static DiskFinding FooterTailChecksum(string path, long offset, uint found, uint expected, bool copyUsed) => Repairable(
        path, "VhdFooterChecksum", FindingSeverity.Error,
        $"The footer's checksum at offset 0x{offset + VhdFooter.ChecksumOffset:X} is 0x{found:X8}"
            + (copyUsed ? "; the copy at the start of the file was used." : "; everything else in it is consistent."),
        $"0x{expected:X8}.",
        "Run Repair-BaseVhd.");

    public static DiskFinding FooterShort(string path, long offset) => Repairable(
        path, "VhdFooterShort", FindingSeverity.Error,
        $"The footer at offset 0x{offset:X} has 511 bytes, as very old tools wrote it.",
        "512 bytes.",
        "Run Repair-BaseVhd.");

    public static DiskFinding FooterCopy(string path, string found) => Repairable(
        path, "VhdFooterCopy", FindingSeverity.Warning,
        $"The copy of the footer at the start of the file {found}.",
        "The same bytes as the footer at the end.",
        "Run Repair-BaseVhd, which writes the copy again from the footer.");

    public static DiskFinding HeaderChecksum(string path, long offset, uint found, uint expected) => Repairable(
        path, "VhdHeaderChecksum", FindingSeverity.Warning,
        $"The dynamic header's checksum at offset 0x{offset:X} is 0x{found:X8}; everything else in it is consistent.",
        $"0x{expected:X8}.",
        "Run Repair-BaseVhd.");

    public static DiskFinding CurrentSize(string path, long offset, ulong found, long expected) => Repairable(
        path, "VhdCurrentSize", FindingSeverity.Error,
        $"The footer's current size at offset 0x{offset + VhdFooter.CurrentSizeOffset:X} is {found} bytes, the file holds {expected}.",
        $"{expected}, the length of the file less the footer.",
        "Run Repair-BaseVhd, which takes the file's word for it.");

    private static DiskFinding Repairable(
        string path, string id, FindingSeverity severity, string found, string expected, string remedy) => new()
    {
        RuleId = id,
        Severity = severity,
        Path = path,
        Found = found,
        Expected = expected,
        Remedy = remedy,
        CanRepair = true,
    };
}
