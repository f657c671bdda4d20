namespace AzureVmRole.Disks.Readiness;

/// <summary>All rules that a disk is tested against. Rules about a disk's content join this list when they exist.</summary>
public static class ReadinessCatalogue
{
    /// <summary>The rules, in the order of docs/formats/readiness-rules.md.</summary>
    public static IReadOnlyList<ReadinessRule> Rules { get; } = [.. ContainerRules.All, .. FooterRules.All, .. PartitionRules.All];

    /// <summary>Applies every rule.</summary>
    /// <returns>All findings, the most severe first.</returns>
    public static IReadOnlyList<DiskFinding> Apply(ReadinessSubject subject) => Apply(Rules, subject);

    /// <summary>Applies the rules that also matter when the disk is written anew as a fixed VHD, a whole number of MiB long.</summary>
    /// <returns>All findings, the most severe first.</returns>
    public static IReadOnlyList<DiskFinding> ApplyToContent(ReadinessSubject subject) =>
        Apply(Rules.Where(rule => !rule.IsAboutFile), subject);

    private static DiskFinding[] Apply(IEnumerable<ReadinessRule> rules, ReadinessSubject subject) => rules
        .SelectMany(rule => rule.Apply(subject))
        .Concat(subject.Disk.Findings)
        .Concat(subject.Partitions.Findings)
        .Select(finding => subject.Disk.Format == VhdFormat.Vhd ? finding : finding with { CanRepair = false })
        .OrderByDescending(finding => finding.Severity)
        .ToArray();
}
