using System.Numerics;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Reads and checks the dynamic disk header.</summary>
internal static class VhdDynamicHeaderReader
{
    /// <exception cref="DiskFormatException">A field is wrong.</exception>
    public static VhdDynamicHeader Read(DiskFile file, VhdFooter footer, List<DiskFinding> findings)
    {
        Span<byte> bytes = stackalloc byte[VhdDynamicHeader.Size];
        if (footer.DataOffset < VhdFooter.Size || footer.DataOffset > (ulong)Math.Max(0, file.Length - VhdDynamicHeader.Size))
        {
            throw Wrong(
                file, "Data Offset", 16, $"0x{footer.DataOffset:X}",
                $"the place of the dynamic header between 0x200 and the file's end 0x{file.Length:X}");
        }

        long offset = (long)footer.DataOffset;
        file.ReadExactly(offset, bytes);
        if (!VhdDynamicHeader.HasCookie(bytes))
        {
            throw Wrong(file, "Cookie", offset, Convert.ToHexString(bytes[..8]), "'cxsparse'");
        }

        var header = VhdDynamicHeader.Parse(bytes);
        Check(file, footer, header, offset);
        uint computed = VhdChecksum.Compute(bytes, VhdDynamicHeader.ChecksumOffset);
        if (header.Checksum != computed)
        {
            findings.Add(VhdRules.HeaderChecksum(
                file.Path, offset + VhdDynamicHeader.ChecksumOffset, header.Checksum, computed));
        }

        return header;
    }

    private static void Check(DiskFile file, VhdFooter footer, VhdDynamicHeader header, long offset)
    {
        if (header.Version != VhdFormatConstants.Version)
        {
            throw Wrong(file, "Header Version", offset + 24, $"0x{header.Version:X8}", "0x00010000");
        }

        if (!BitOperations.IsPow2(header.BlockSize)
            || header.BlockSize is < VhdFormatConstants.MinimumBlockSize or > VhdFormatConstants.MaximumBlockSize)
        {
            throw Wrong(
                file, "Block Size", offset + VhdDynamicHeader.BlockSizeOffset, $"{header.BlockSize}",
                $"a power of two from {VhdFormatConstants.MinimumBlockSize} to {VhdFormatConstants.MaximumBlockSize}");
        }

        long blocks = new VhdBlockLayout((int)header.BlockSize).BlockCount((long)footer.CurrentSize);
        if (header.MaxTableEntries < blocks || blocks > VhdFormatConstants.MaximumTableEntries)
        {
            throw Wrong(
                file, "Max Table Entries", offset + VhdDynamicHeader.MaxTableEntriesOffset, $"{header.MaxTableEntries}",
                $"at least {blocks} for {footer.CurrentSize} bytes in blocks of {header.BlockSize}, and at most {VhdFormatConstants.MaximumTableEntries}");
        }

        if (header.TableOffset < VhdFooter.Size || header.TableOffset > (ulong)file.Length
            || (long)header.TableOffset + (blocks * sizeof(uint)) > file.Length)
        {
            throw Wrong(
                file, "Table Offset", offset + VhdDynamicHeader.TableOffsetOffset, $"0x{header.TableOffset:X}",
                $"the place of {blocks} entries between 0x200 and the file's end 0x{file.Length:X}");
        }

        if ((long)header.TableOffset < offset + VhdDynamicHeader.Size
            && (long)header.TableOffset + (blocks * sizeof(uint)) > offset)
        {
            throw Wrong(
                file, "Table Offset", offset + VhdDynamicHeader.TableOffsetOffset, $"0x{header.TableOffset:X}",
                $"a place outside the dynamic header at 0x{offset:X}");
        }
    }

    private static DiskFormatException Wrong(DiskFile file, string field, long offset, string found, string expected) => new(
        ErrorCode.VhdHeaderInvalid, file.Path, field, offset,
        $"The dynamic header's {field} at offset 0x{offset:X} of '{file.Path}' is {found}, expected {expected}.",
        "Get an intact copy of the disk.");
}
