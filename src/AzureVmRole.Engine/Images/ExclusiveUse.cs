using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Engine.Images;

/// <summary>Makes sure that nobody else has a disk open before it is replaced or changed.</summary>
internal static class ExclusiveUse
{
    /// <summary>Checks that the file can be opened for writing by this process alone, and finishes an interrupted change.</summary>
    /// <exception cref="DiskOperationException">The file is missing, in use or may not be written.</exception>
    public static void Require(string path)
    {
        bool isVhd;
        using (VirtualDisk disk = VirtualDiskFile.Open(path))
        {
            isVhd = disk.Format == VhdFormat.Vhd;
        }

        if (isVhd)
        {
            VhdEditor.Open(path).Dispose();
        }
        else
        {
            DiskFile.OpenWrite(path).Dispose();
        }
    }
}
