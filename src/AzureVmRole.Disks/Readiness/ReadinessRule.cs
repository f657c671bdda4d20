namespace AzureVmRole.Disks.Readiness;

/// <summary>One thing that Azure wants of a disk.</summary>
/// <param name="Id">The stable id, also of the rule's findings.</param>
/// <param name="Apply">What speaks against the disk. A rule reads headers and tables only, never the disk at large.</param>
/// <param name="IsAboutFile">
/// Whether the rule is about the file and not about what it holds: a fixed VHD that is written anew from the disk satisfies it by itself.
/// </param>
public sealed record ReadinessRule(
    string Id, Func<ReadinessSubject, IEnumerable<DiskFinding>> Apply, bool IsAboutFile = false);
