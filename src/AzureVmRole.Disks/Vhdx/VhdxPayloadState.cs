namespace AzureVmRole.Disks.Vhdx;

/// <summary>Where a payload block's bytes are ([MS-VHDX] section 2.5.1.1). 4 and 5 are reserved.</summary>
internal enum VhdxPayloadState
{
    /// <summary>Not in this file: in the parent, or zeros.</summary>
    NotPresent = 0,

    /// <summary>Not defined; read as zeros here.</summary>
    Undefined = 1,

    /// <summary>Zeros.</summary>
    Zero = 2,

    /// <summary>Given back by the guest; read as zeros here.</summary>
    Unmapped = 3,

    /// <summary>In this file.</summary>
    FullyPresent = 6,

    /// <summary>By sector in this file or in the parent; the sector bitmap says which.</summary>
    PartiallyPresent = 7,
}
