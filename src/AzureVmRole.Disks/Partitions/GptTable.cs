namespace AzureVmRole.Disks.Partitions;

/// <summary>What a disk holds of a GUID partition table: both copies, good or bad.</summary>
public sealed record GptTable
{
    /// <summary>The logical sector size in bytes.</summary>
    public required int SectorSize { get; init; }

    /// <summary>The length of the disk in sectors.</summary>
    public required long SectorCount { get; init; }

    /// <summary>The copy whose header is in sector 1.</summary>
    public required GptCopy Primary { get; init; }

    /// <summary>The other copy: where the primary header says, else in the last sector.</summary>
    public required GptCopy Backup { get; init; }

    /// <summary>The copy that counts: the primary, or the backup when the primary is bad; null when both are.</summary>
    public GptCopy? Active => Primary.Fault is null ? Primary : Backup.Fault is null ? Backup : null;

    /// <summary>The header that counts; null when both copies are bad.</summary>
    public GptHeader? Header => Active?.Header;

    /// <summary>Whether the backup header is in the last sector of the disk.</summary>
    public bool IsBackupAtEnd => Backup.Lba == SectorCount - 1;

    /// <summary>Whether both copies are sound and say the same.</summary>
    public bool CopiesAgree =>
        Primary is { Fault: null, Header: { } primary }
        && Backup is { Fault: null, Header: { } backup }
        && primary.AlternateLba == backup.MyLba
        && backup.AlternateLba == primary.MyLba
        && primary.DiskGuid == backup.DiskGuid
        && primary.FirstUsableLba == backup.FirstUsableLba
        && primary.LastUsableLba == backup.LastUsableLba
        && primary.EntryCount == backup.EntryCount
        && primary.EntrySize == backup.EntrySize
        && primary.EntriesChecksum == backup.EntriesChecksum;

    /// <summary>Sector 0 as it is on the disk.</summary>
    internal byte[] BootSector { get; init; } = [];
}
