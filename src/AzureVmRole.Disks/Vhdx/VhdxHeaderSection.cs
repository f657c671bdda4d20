using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>
/// Reads what the header section holds twice ([MS-VHDX] sections 2.2.2 and 2.2.3): one damaged copy is a finding, two are
/// an error.
/// </summary>
internal static class VhdxHeaderSection
{
    private const string CopyRemedy =
        "Convert the disk with Convert-BaseVhd, or attach it once for writing where it was made: both write the two copies anew.";

    /// <summary>Reads both headers and picks the current one.</summary>
    public static VhdxHeader ReadHeader(DiskFile file, List<DiskFinding> findings)
    {
        var faults = new List<DiskFormatException>();
        VhdxHeader? first = TryReadHeader(file, VhdxFormat.FirstHeaderOffset, faults);
        VhdxHeader? second = TryReadHeader(file, VhdxFormat.SecondHeaderOffset, faults);
        VhdxHeader current = first ?? second ?? throw BothBad(faults);
        AddFinding(file, "VhdxHeaderCopy", faults, findings);
        if (first is { } one && second is { } two)
        {
            if (one.SequenceNumber == two.SequenceNumber && one != two)
            {
                throw VhdxErrors.Invalid(
                    ErrorCode.VhdxHeaderInvalid, file.Path, "SequenceNumber",
                    VhdxFormat.SecondHeaderOffset + VhdxHeader.SequenceNumberOffset, $"{two.SequenceNumber}",
                    "another number than that of the first header, which says something else");
            }

            current = one.SequenceNumber >= two.SequenceNumber ? one : two;
        }

        current.Validate(
            file.Path, current == first ? VhdxFormat.FirstHeaderOffset : VhdxFormat.SecondHeaderOffset);
        return current;
    }

    /// <summary>Reads the region table, after the log was replayed: updates of the table go through the log.</summary>
    public static VhdxRegionTable ReadRegionTable(DiskFile file, FileRange log, List<DiskFinding> findings)
    {
        var faults = new List<DiskFormatException>();
        VhdxRegionTable? first = TryReadTable(file, VhdxFormat.FirstRegionTableOffset, faults);
        VhdxRegionTable? second = TryReadTable(file, VhdxFormat.SecondRegionTableOffset, faults);
        VhdxRegionTable table = first ?? second ?? throw BothBad(faults);
        AddFinding(file, "VhdxRegionTableCopy", faults, findings);
        table.Validate(file.Path, file.Length, log);
        return table;
    }

    private static VhdxHeader? TryReadHeader(DiskFile file, int fileOffset, List<DiskFormatException> faults)
    {
        byte[] bytes = new byte[VhdxHeader.Size];
        file.ReadExactly(fileOffset, bytes);
        try
        {
            var header = VhdxHeader.Parse(bytes, file.Path, fileOffset);
            VhdxHeader.ValidateChecksum(bytes, file.Path, fileOffset);
            return header;
        }
        catch (DiskFormatException exception)
        {
            faults.Add(exception);
            return null;
        }
    }

    private static VhdxRegionTable? TryReadTable(DiskFile file, int fileOffset, List<DiskFormatException> faults)
    {
        byte[] bytes = new byte[VhdxRegionTable.Size];
        file.ReadExactly(fileOffset, bytes);
        try
        {
            return VhdxRegionTable.Parse(bytes, file.Path, fileOffset);
        }
        catch (DiskFormatException exception)
        {
            faults.Add(exception);
            return null;
        }
    }

    private static DiskFormatException BothBad(List<DiskFormatException> faults) => new(
        faults[0].Code, (string)faults[0].Target, faults[0].Field, faults[0].FileOffset,
        $"{faults[0].Message} The other copy cannot be used either: {faults[1].Message}",
        faults[0].RecommendedAction, faults[0]);

    private static void AddFinding(
        DiskFile file, string ruleId, List<DiskFormatException> faults, List<DiskFinding> findings) =>
        findings.AddRange(faults.Select(fault => new DiskFinding
        {
            RuleId = ruleId,
            Severity = FindingSeverity.Warning,
            Path = file.Path,
            Found = $"{fault.Message} The other copy is good and was used.",
            Expected = "Two good copies.",
            Remedy = CopyRemedy,
        }));
}
