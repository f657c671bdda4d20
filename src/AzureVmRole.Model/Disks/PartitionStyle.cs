namespace AzureVmRole;

/// <summary>The kind of partition table on a disk. Names are those of the Storage module's Get-Disk.</summary>
public enum PartitionStyle
{
    /// <summary>No partition table.</summary>
    Raw = 0,

    /// <summary>Master boot record, with extended partitions where there are any.</summary>
    Mbr = 1,

    /// <summary>GUID partition table (UEFI Specification 2.10, section 5).</summary>
    Gpt = 2,
}
