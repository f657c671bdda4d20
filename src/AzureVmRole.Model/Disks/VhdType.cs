namespace AzureVmRole;

/// <summary>How a virtual disk holds its data. The values are those of the VHD footer and of the Hyper-V module.</summary>
public enum VhdType
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Every byte of the disk has its place in the file.</summary>
    Fixed = 2,

    /// <summary>Blocks are added to the file when they are first written.</summary>
    Dynamic = 3,

    /// <summary>Holds what differs from a parent disk.</summary>
    Differencing = 4,
}
