using AzureVmRole.Disks.Partitions;
using Xunit;

namespace AzureVmRole.Disks.Tests.Partitions;

internal static class PartitionAssert
{
    /// <summary>Asserts that a table has exactly these findings, in this order; the ids are parted by blanks.</summary>
    public static void HasFindings(string expectedRuleIds, PartitionTable table) =>
        Assert.Equal(expectedRuleIds, string.Join(' ', table.Findings.Select(finding => finding.RuleId)));

    /// <summary>Asserts that a table has a finding, whatever else it has.</summary>
    public static void HasFinding(string ruleId, PartitionTable table) =>
        Assert.True(table.Findings.Any(finding => ruleId.Equals(finding.RuleId, StringComparison.Ordinal)), $"No {ruleId}.");
}
