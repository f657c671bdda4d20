namespace AzureVmRole;

/// <summary>The file format of a virtual disk.</summary>
public enum VhdFormat
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>VHD (Virtual Hard Disk Image Format Specification, version 1.0).</summary>
    Vhd = 2,

    /// <summary>VHDX ([MS-VHDX]).</summary>
    Vhdx = 3,

    /// <summary>qcow2, versions 2 and 3 (QEMU docs/interop/qcow2.txt).</summary>
    Qcow2 = 100,

    /// <summary>The bytes of the disk and nothing else.</summary>
    Raw = 101,
}
