namespace AzureVmRole;

/// <summary>What a pending change does.</summary>
public enum VMChangeKind
{
    /// <summary>Another caching of the OS disk. Restarts the instance.</summary>
    SetOSDisk = 0,

    /// <summary>A data disk that is made empty, or exists, or is registered from a VHD.</summary>
    AddDataDisk,

    /// <summary>Another caching of a data disk.</summary>
    SetDataDisk,

    /// <summary>A data disk is detached; the disk remains.</summary>
    RemoveDataDisk,
}
