namespace AzureVmRole.Disks.Partitions;

/// <summary>Where the backup of a GPT belongs on a disk of a given length (UEFI Specification 2.10, section 5.3.1).</summary>
/// <param name="BackupLba">The sector of the backup header: the last.</param>
/// <param name="BackupEntriesLba">The first sector of the backup's entries, right before its header.</param>
/// <param name="LastUsableLba">The last sector that a partition may use.</param>
internal readonly record struct GptLayout(long BackupLba, long BackupEntriesLba, long LastUsableLba)
{
    public static GptLayout For(GptHeader header, int sectorSize, long lengthInBytes)
    {
        long backupLba = (lengthInBytes / sectorSize) - 1;
        long entriesLba = backupLba - EntriesSectorCount(header, sectorSize);
        return new GptLayout(backupLba, entriesLba, entriesLba - 1);
    }

    public static long EntriesSectorCount(GptHeader header, int sectorSize) =>
        (header.EntriesLength + sectorSize - 1) / sectorSize;
}
