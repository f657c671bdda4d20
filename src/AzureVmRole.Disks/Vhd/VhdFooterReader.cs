using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhd;

/// <summary>Reads the footer at the end of a file and the copy at its start, and decides which to go by.</summary>
internal static class VhdFooterReader
{
    private const int ShortSize = VhdFooter.Size - 1;

    public static bool HasAny(DiskFile file)
    {
        Span<byte> buffer = stackalloc byte[VhdFooter.Size];
        return TryReadTail(file, buffer, out _) || TryReadHead(file, buffer);
    }

    /// <summary>Whether a footer of the file, at its end or its start, has this unique id.</summary>
    public static bool HasIdentifier(DiskFile file, Guid identifier)
    {
        Span<byte> buffer = stackalloc byte[VhdFooter.Size];
        return (TryReadTail(file, buffer, out _) && VhdFooter.Parse(buffer).UniqueId == identifier)
            || (TryReadHead(file, buffer) && VhdFooter.Parse(buffer).UniqueId == identifier);
    }

    /// <exception cref="DiskFormatException">No footer is usable.</exception>
    public static VhdFooterSet Read(DiskFile file)
    {
        Span<byte> tail = stackalloc byte[VhdFooter.Size];
        Span<byte> head = stackalloc byte[VhdFooter.Size];
        bool hasTail = TryReadTail(file, tail, out long tailOffset);
        bool hasHead = TryReadHead(file, head);
        var findings = new List<DiskFinding>();
        if (hasTail && file.Length - tailOffset == ShortSize)
        {
            findings.Add(VhdRules.FooterShort(file.Path, tailOffset));
        }

        if (hasTail && HasRightChecksum(tail))
        {
            var footer = VhdFooter.Parse(tail);
            AddCopyFinding(file, footer, tail, hasHead, head, findings);
            return Checked(file, footer, tailOffset, tailOffset, findings);
        }

        // The copy's own type must call for a copy: a fixed disk may hold the first sector of another VHD as data.
        if (hasHead && HasRightChecksum(head) && VhdFooter.Parse(head).DiskType != (uint)VhdType.Fixed)
        {
            findings.Add(hasTail
                ? VhdRules.FooterTailChecksum(file.Path, tailOffset, Stored(tail), Computed(tail), copyUsed: true)
                : VhdRules.FooterTailMissing(file.Path, Math.Max(0, file.Length - VhdFooter.Size)));
            return Checked(file, VhdFooter.Parse(head), 0, hasTail ? tailOffset : file.Length, findings);
        }

        return hasTail ? ReadWithoutChecksum(file, tail, tailOffset, findings) : throw Missing(file);
    }

    /// <summary>A fixed disk's only footer with a wrong checksum is believed when everything else in it is consistent.</summary>
    private static VhdFooterSet ReadWithoutChecksum(
        DiskFile file, ReadOnlySpan<byte> tail, long tailOffset, List<DiskFinding> findings)
    {
        var footer = VhdFooter.Parse(tail);
        if (footer.DiskType == (uint)VhdType.Fixed && footer.CurrentSize == (ulong)tailOffset
            && footer.Version == VhdFormatConstants.Version && footer.DataOffset == VhdFormatConstants.NoDataOffset)
        {
            findings.Add(VhdRules.FooterTailChecksum(file.Path, tailOffset, Stored(tail), Computed(tail), copyUsed: false));
            return Checked(file, footer, tailOffset, tailOffset, findings);
        }

        long offset = tailOffset + VhdFooter.ChecksumOffset;
        throw new DiskFormatException(
            ErrorCode.VhdFooterChecksumMismatch, file.Path, "Checksum", offset,
            $"The footer's checksum at offset 0x{offset:X} of '{file.Path}' is 0x{Stored(tail):X8}, expected 0x{Computed(tail):X8}, and no intact copy of the footer exists.",
            "Get an intact copy of the disk.");
    }

    private static void AddCopyFinding(
        DiskFile file, VhdFooter footer, ReadOnlySpan<byte> tail, bool hasHead, ReadOnlySpan<byte> head,
        List<DiskFinding> findings)
    {
        if (footer.DiskType == (uint)VhdType.Fixed)
        {
            return;
        }

        if (!hasHead)
        {
            findings.Add(VhdRules.FooterCopy(file.Path, "is missing"));
        }
        else if (!tail.SequenceEqual(head))
        {
            findings.Add(VhdRules.FooterCopy(file.Path, HasRightChecksum(head) ? "says something else" : "has a wrong checksum"));
        }
    }

    private static VhdFooterSet Checked(
        DiskFile file, VhdFooter footer, long footerOffset, long dataEnd, List<DiskFinding> findings)
    {
        VhdFooterCheck.Check(file, footer, footerOffset);
        return new VhdFooterSet(footer, dataEnd, findings);
    }

    private static bool TryReadTail(DiskFile file, Span<byte> buffer, out long offset)
    {
        offset = file.Length - VhdFooter.Size;
        if (offset >= 0)
        {
            file.ReadExactly(offset, buffer);
            if (VhdFooter.HasCookie(buffer))
            {
                return true;
            }
        }

        offset = file.Length - ShortSize;
        if (offset < 0)
        {
            return false;
        }

        buffer.Clear();
        file.ReadExactly(offset, buffer[..ShortSize]);
        return VhdFooter.HasCookie(buffer);
    }

    private static bool TryReadHead(DiskFile file, Span<byte> buffer)
    {
        if (file.Length < VhdFooter.Size)
        {
            return false;
        }

        file.ReadExactly(0, buffer);
        return VhdFooter.HasCookie(buffer);
    }

    private static uint Stored(ReadOnlySpan<byte> footer) => VhdFooter.Parse(footer).Checksum;

    private static uint Computed(ReadOnlySpan<byte> footer) => VhdChecksum.Compute(footer, VhdFooter.ChecksumOffset);

    private static bool HasRightChecksum(ReadOnlySpan<byte> footer) => Stored(footer) == Computed(footer);

    private static DiskFormatException Missing(DiskFile file) => new(
        ErrorCode.VhdFooterMissing, file.Path, "Cookie", Math.Max(0, file.Length - VhdFooter.Size),
        $"'{file.Path}' has no VHD footer: neither its last nor its first 512 bytes start with 'conectix' and are intact.",
        "If the file is a raw disk image, convert it with Convert-BaseVhd under a name that ends in .raw; else get an intact copy.");
}
