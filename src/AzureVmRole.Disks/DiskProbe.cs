using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Raw;

namespace AzureVmRole.Disks;

/// <summary>Tells the format of a disk file from what it holds, and opens it.</summary>
internal static class DiskProbe
{
    public static VirtualDisk Open(DiskFile file, DiskChain chain)
    {
        _ = chain;
        return new RawDisk(file);
    }
}
