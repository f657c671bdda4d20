namespace AzureVmRole.Disks.Readiness;

/// <summary>One thing that Azure wants of a disk.</summary>
/// <param name="Id">The stable id, also of the rule's findings.</param>
/// <param name="Apply">What speaks against the disk. A rule reads headers and tables only, never the disk at large.</param>
public sealed record ReadinessRule(string Id, Func<ReadinessSubject, IEnumerable<DiskFinding>> Apply);
