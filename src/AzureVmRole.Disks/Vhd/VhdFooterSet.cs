namespace AzureVmRole.Disks.Vhd;

/// <summary>The footers of a file, and which of them is the one to go by.</summary>
/// <param name="Footer">The footer to go by.</param>
/// <param name="DataEnd">Where the disk's data ends in the file: the tail footer, or the file's end without one.</param>
/// <param name="Findings">What is wrong with the footers.</param>
internal sealed record VhdFooterSet(VhdFooter Footer, long DataEnd, IReadOnlyList<DiskFinding> Findings);
