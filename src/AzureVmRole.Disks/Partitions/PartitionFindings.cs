namespace AzureVmRole.Disks.Partitions;

/// <summary>Gathers what is wrong with the partition table of one disk.</summary>
internal sealed class PartitionFindings
{
    public const string MbrInvalid = nameof(MbrInvalid);
    public const string GptPrimaryInvalid = nameof(GptPrimaryInvalid);
    public const string GptBackupInvalid = nameof(GptBackupInvalid);
    public const string GptBackupNotAtEnd = nameof(GptBackupNotAtEnd);
    public const string GptEntryInvalid = nameof(GptEntryInvalid);
    public const string GptEntriesOverlap = nameof(GptEntriesOverlap);
    public const string PartitionBeyondEnd = nameof(PartitionBeyondEnd);

    private readonly string _path;
    private readonly List<DiskFinding> _findings = [];

    public PartitionFindings(string path) => _path = path;

    public IReadOnlyList<DiskFinding> All => _findings;

    /// <summary>Adds a fault that only a partitioning program, or another copy of the disk, can mend.</summary>
    public void AddError(string ruleId, string found, string expected, string remedy) =>
        Add(ruleId, FindingSeverity.Error, found, expected, remedy, canRepair: false);

    /// <summary>Adds a fault that the other copy of the table mends.</summary>
    public void AddRepairable(string ruleId, FindingSeverity severity, string found, string expected) =>
        Add(ruleId, severity, found, expected, "Run Repair-BaseVhd.", canRepair: true);

    private void Add(
        string ruleId, FindingSeverity severity, string found, string expected, string remedy, bool canRepair) =>
        _findings.Add(new DiskFinding
        {
            RuleId = ruleId,
            Severity = severity,
            Path = _path,
            Found = found,
            Expected = expected,
            Remedy = remedy,
            CanRepair = canRepair,
        });
}
