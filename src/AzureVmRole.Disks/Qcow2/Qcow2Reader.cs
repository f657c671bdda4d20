using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Qcow2;

/// <summary>Opens qcow2 files of versions 2 and 3.</summary>
internal static class Qcow2Reader
{
    /// <summary>Whether the file starts with the magic of qcow2 (which older versions of the format share).</summary>
    public static bool IsQcow2(DiskFile file)
    {
        Span<byte> magic = stackalloc byte[Qcow2Format.Magic.Length];
        if (file.Length < magic.Length)
        {
            return false;
        }

        file.ReadExactly(0, magic);
        return magic.SequenceEqual(Qcow2Format.Magic);
    }

    /// <summary>Opens a disk and its backing files.</summary>
    /// <exception cref="DiskFormatException">The file breaks the specification or uses a feature that is not supported.</exception>
    /// <exception cref="DiskOperationException">A backing file is missing.</exception>
    public static Qcow2Disk Open(DiskFile file, DiskChain chain)
    {
        Span<byte> bytes = new byte[(int)Math.Min(Qcow2Header.Size, file.Length)];
        file.ReadExactly(0, bytes);
        var header = Qcow2Header.Parse(bytes);
        var check = new Qcow2HeaderCheck(file.Path, file.Length, header);
        check.CheckStructure();
        Qcow2Extensions extensions = ReadExtensions(file, header);
        Qcow2Features.Check(file.Path, header, extensions);
        check.CheckTables();
        VirtualDisk? parent = header.BackingFileOffset == 0
            ? null
            : Qcow2Backing.Open(file, header, extensions.BackingFormat, chain);
        return new Qcow2Disk(file, header, parent) { Findings = Qcow2Features.FindOddities(file.Path, header) };
    }

    private static Qcow2Extensions ReadExtensions(DiskFile file, Qcow2Header header)
    {
        long end = header.BackingFileOffset > 0 ? (long)header.BackingFileOffset : header.Layout.ClusterSize;
        byte[] area = new byte[Math.Min(end, file.Length) - header.HeaderLength];
        file.ReadExactly(header.HeaderLength, area);
        return Qcow2Extensions.Parse(file.Path, area, header.HeaderLength);
    }
}
