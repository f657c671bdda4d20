namespace AzureVmRole.Disks.Vhd;

/// <summary>What the two kinds of VHD have in common beside being disks: their headers, for rules and repair.</summary>
internal interface IVhdDisk
{
    /// <summary>The footer that was taken (the tail's, or the copy's where the tail's is damaged).</summary>
    VhdFooter Footer { get; }

    /// <summary>The dynamic disk header; null for a fixed disk.</summary>
    VhdDynamicHeader? Header { get; }
}
