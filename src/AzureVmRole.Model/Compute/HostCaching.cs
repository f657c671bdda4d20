namespace AzureVmRole;

/// <summary>How a host caches what a guest reads from and writes to a disk. An OS disk has ReadWrite by default, a data disk None.</summary>
public enum HostCaching
{
    /// <summary>Every request goes to storage.</summary>
    None = 0,

    /// <summary>What was read is kept on the host.</summary>
    ReadOnly,

    /// <summary>Writes, too, go to the host's cache first. Not every size allows it for data disks.</summary>
    ReadWrite,
}
