namespace AzureVmRole.Disks.Vhdx;

/// <summary>Where the bytes of a run are.</summary>
internal enum VhdxRunSource
{
    /// <summary>Nowhere: zeros.</summary>
    Zero = 0,

    /// <summary>In this file.</summary>
    File,

    /// <summary>In the parent.</summary>
    Parent,
}
