namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>A disk as QEMU gets it.</summary>
/// <param name="Lun">The logical unit number of a data disk; -1 for the disk of the operating system, -2 for the temporary disk.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Format">QEMU's name of the format: <c>vpc</c>, <c>raw</c>, <c>qcow2</c>, <c>vhdx</c>.</param>
/// <param name="Caching"><c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
/// <param name="IsUntouched">Whether the guest's writes go to a temporary file instead, which is gone afterwards.</param>
internal sealed record QemuDisk(int Lun, string Path, string Format, string Caching, bool IsUntouched = false)
{
    /// <summary>The disk of the operating system.</summary>
    public const int OSLun = -1;

    /// <summary>The temporary disk.</summary>
    public const int TemporaryLun = -2;

    /// <summary>The name by which QEMU knows it.</summary>
    public string Id => Lun switch { OSLun => "os", TemporaryLun => "temporary", _ => $"data{Lun}" };
}
