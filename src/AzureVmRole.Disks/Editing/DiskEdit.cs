namespace AzureVmRole.Disks.Editing;

/// <summary>
/// Writes to a disk file that belong together: all of them happen or none. The order of additions is the order in which
/// they are applied, chosen so that other programs, too, see the old disk or the new one at every point they can.
/// </summary>
internal sealed class DiskEdit
{
    private readonly List<(long FileOffset, byte[] Data)> _writes = [];

    public IReadOnlyList<(long FileOffset, byte[] Data)> Writes => _writes;

    /// <summary>The length that the file gets at the end, or null to leave it.</summary>
    public long? FinalLength { get; set; }

    /// <summary>
    /// The modification time that the file gets at the end, or null to leave it: differences know their parent's content by
    /// its time, so a change that the guest cannot see keeps it.
    /// </summary>
    public DateTime? LastWriteTimeUtc { get; set; }

    public bool IsEmpty => _writes.Count == 0 && FinalLength is null;

    public void Add(long fileOffset, byte[] data) => _writes.Add((fileOffset, data));
}
