using AzureVmRole.Disks.Files;
using AzureVmRole.Disks.Qcow2;
using AzureVmRole.Disks.Raw;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Disks.Vhdx;

namespace AzureVmRole.Disks;

/// <summary>Tells the format of a disk file from what it holds, and opens it.</summary>
internal static class DiskProbe
{
    /// <exception cref="DiskFormatException">The file breaks the rules of its format, or is of none.</exception>
    public static VirtualDisk Open(DiskFile file, DiskChain chain)
    {
        if (IsVhdx(file))
        {
            return VhdxDisk.Open(file, chain);
        }

        if (IsQcow2(file))
        {
            return Qcow2Reader.Open(file, chain);
        }

        if (VhdReader.IsVhd(file))
        {
            return VhdReader.Open(file, chain);
        }

        return OpenRaw(file);
    }

    // A guest can write either signature where its own disk starts or ends. VHDX files are whole MiB long; a VHD of whole
    // MiB is 512 bytes longer.
    private static bool IsVhdx(DiskFile file) =>
        VhdxDisk.IsVhdx(file) && (file.Length % (1 << 20) == 0 || !VhdReader.IsVhd(file));

    // In doubt a VHD: a guest that could turn its disk into a qcow2 file could name any file of the host as its parent.
    private static bool IsQcow2(DiskFile file) =>
        Qcow2Reader.IsQcow2(file) && (file.Length % 4096 == 0 || !VhdReader.IsVhd(file));

    /// <summary>What has no signature is a raw disk, unless its name says that it ought to have one.</summary>
    private static RawDisk OpenRaw(DiskFile file)
    {
        string extension = System.IO.Path.GetExtension(file.Path).ToUpperInvariant();
        if (extension is ".VHD" or ".AVHD")
        {
            throw new DiskFormatException(
                ErrorCode.VhdFooterMissing, file.Path, "Cookie", Math.Max(0, file.Length - 512),
                $"'{file.Path}' has no VHD footer: neither its last nor its first 512 bytes start with 'conectix'.",
                "Get an intact copy. If the file is a raw disk image, give it a name that ends in .raw and convert it with Convert-BaseVhd.");
        }

        if (extension is ".VHDX" or ".AVHDX" or ".QCOW2" || file.Length == 0)
        {
            throw new DiskFormatException(
                ErrorCode.DiskFormatUnknown, file.Path, "signature", 0,
                $"'{file.Path}' ({file.Length} bytes) starts with none of the signatures of VHD, VHDX and qcow2.",
                "Get an intact copy. If the file is a raw disk image, give it a name that ends in .raw or .img.");
        }

        return new RawDisk(file);
    }
}
