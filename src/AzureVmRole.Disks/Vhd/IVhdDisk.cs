namespace AzureVmRole.Disks.Vhd;

/// <summary>What the two kinds of VHD have in common beside being disks: their headers, for rules and repair.</summary>
internal interface IVhdDisk
{
    /// <summary>The footers, and which of them was taken (the tail's, or the copy where the tail's is damaged).</summary>
    VhdFooterSet Footers { get; }

    /// <summary>The dynamic disk header; null for a fixed disk.</summary>
    VhdDynamicHeader? Header { get; }
}
