namespace AzureVmRole;

/// <summary>The controller that an OS disk is on. The names are Azure's.</summary>
public enum DiskControllerType
{
    /// <summary>SCSI: the disk is <c>/dev/sda</c> in Linux.</summary>
    SCSI = 0,

    /// <summary>NVMe: the disk is <c>/dev/nvme0n1</c> in Linux. For generation 2 only.</summary>
    NVMe,
}
