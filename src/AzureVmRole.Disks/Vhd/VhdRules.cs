namespace AzureVmRole.Disks.Vhd;

/// <summary>The findings that reading a VHD can make. Ids are stable; docs/formats/readiness-rules.md lists them.</summary>
internal static class VhdRules
{
    public static DiskFinding FooterTailMissing(string path, long offset) => new()
    {
        RuleId = "VhdFooterTail",
        Severity = FindingSeverity.Error,
        Path = path,
        Found = $"There is no footer at the end of the file (offset 0x{offset:X}); the copy at its start was used.",
        Expected = "A footer in the last 512 bytes.",
        Remedy = "Run Repair-BaseVhd, which writes the footer again from its copy.",
        CanRepair = true,
    };

    public static DiskFinding FooterTailChecksum(string path, long offset, uint found, uint expected, bool copyUsed) => new()
    {
        RuleId = "VhdFooterChecksum",
        Severity = FindingSeverity.Error,
        Path = path,
        Found = $"The footer's checksum at offset 0x{offset + VhdFooter.ChecksumOffset:X} is 0x{found:X8}"
            + (copyUsed ? "; the copy at the start of the file was used." : "; everything else in it is consistent."),
        Expected = $"0x{expected:X8}.",
        Remedy = "Run Repair-BaseVhd.",
        CanRepair = true,
    };

    public static DiskFinding FooterShort(string path, long offset) => new()
    {
        RuleId = "VhdFooterShort",
        Severity = FindingSeverity.Error,
        Path = path,
        Found = $"The footer at offset 0x{offset:X} has 511 bytes, as very old tools wrote it.",
        Expected = "512 bytes.",
        Remedy = "Run Repair-BaseVhd.",
        CanRepair = true,
    };

    public static DiskFinding FooterCopy(string path, string found) => new()
    {
        RuleId = "VhdFooterCopy",
        Severity = FindingSeverity.Warning,
        Path = path,
        Found = $"The copy of the footer at the start of the file {found}.",
        Expected = "The same bytes as the footer at the end.",
        Remedy = "Run Repair-BaseVhd, which writes the copy again from the footer.",
        CanRepair = true,
    };

    public static DiskFinding HeaderChecksum(string path, long offset, uint found, uint expected) => new()
    {
        RuleId = "VhdHeaderChecksum",
        Severity = FindingSeverity.Warning,
        Path = path,
        Found = $"The dynamic header's checksum at offset 0x{offset:X} is 0x{found:X8}; everything else in it is consistent.",
        Expected = $"0x{expected:X8}.",
        Remedy = "Run Repair-BaseVhd.",
        CanRepair = true,
    };

    public static DiskFinding CurrentSize(string path, long offset, ulong found, long expected) => new()
    {
        RuleId = "VhdCurrentSize",
        Severity = FindingSeverity.Error,
        Path = path,
        Found = $"The footer's current size at offset 0x{offset + VhdFooter.CurrentSizeOffset:X} is {found} bytes, the file holds {expected}.",
        Expected = $"{expected}, the length of the file less the footer.",
        Remedy = "Run Repair-BaseVhd, which takes the file's word for it.",
        CanRepair = true,
    };
}
