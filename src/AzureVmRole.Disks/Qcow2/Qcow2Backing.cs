using System.Text;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>Opens the backing file that a header names.</summary>
internal static class Qcow2Backing
{
    private const string FormatField = "backing file format";

    /// <exception cref="DiskFormatException">The name or the format cannot be read here, or the file is of another format.</exception>
    /// <exception cref="DiskOperationException">The backing file is missing or a descendant of this one.</exception>
    public static VirtualDisk Open(DiskFile file, Qcow2Header header, string format, DiskChain chain)
    {
        byte[] bytes = new byte[header.BackingFileSize];
        file.ReadExactly((long)header.BackingFileOffset, bytes);
        string name = Encoding.UTF8.GetString(bytes);
        if (HasProtocol(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            throw Qcow2Errors.Unsupported(
                file.Path, "backing file name", (long)header.BackingFileOffset, $"the backing file '{name}', which is not a plain path");
        }

        // QEMU takes a relative name from the folder of the file that holds it.
        string path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file.Path) ?? "", name);
        switch (format)
        {
            case "raw" or "file" or "host_device":
                return chain.OpenRawParent(file.Path, path);
            case "qcow2":
                return OpenAs(VhdFormat.Qcow2, file, header, path, chain);
            case "vpc":
                return OpenAs(VhdFormat.Vhd, file, header, path, chain);
            case "vhdx":
                return OpenAs(VhdFormat.Vhdx, file, header, path, chain);
            case "":
                return chain.OpenParent(file.Path, path);
            default:
                throw Qcow2Errors.Unsupported(
                    file.Path, FormatField, header.HeaderLength, $"a backing file of format '{format}'");
        }
    }

    private static VirtualDisk OpenAs(VhdFormat format, DiskFile file, Qcow2Header header, string path, DiskChain chain)
    {
        VirtualDisk backing = chain.OpenParent(file.Path, path);
        if (backing.Format == format)
        {
            return backing;
        }

        backing.Dispose();
        throw Qcow2Errors.Header(file.Path, FormatField, header.HeaderLength, format, $"that of '{path}', {backing.Format}");
    }

    /// <summary>Whether the name is for QEMU's block layer (<c>json:</c>, <c>nbd://</c> …) rather than a path.</summary>
    private static bool HasProtocol(string name)
    {
        bool isDrive = OperatingSystem.IsWindows() && name.Length > 1 && char.IsAsciiLetter(name[0]) && name[1] == ':';
        int end = name.AsSpan().IndexOfAny(':', '/', '\\');
        return !isDrive && end >= 0 && name[end] == ':';
    }
}
