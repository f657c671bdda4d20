namespace AzureVmRole.Disks.Qcow2;

/// <summary>How a run of clusters is stored.</summary>
internal enum Qcow2RunKind
{
    /// <summary>Not here: in the backing file, or zeros without one.</summary>
    Unallocated = 0,

    /// <summary>As zeros, whatever the backing file holds.</summary>
    Zero,

    /// <summary>As it is, in the file.</summary>
    Data,

    /// <summary>Deflated.</summary>
    Compressed,
}
