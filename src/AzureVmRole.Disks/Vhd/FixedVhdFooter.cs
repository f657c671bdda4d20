using System.Diagnostics.CodeAnalysis;

namespace AzureVmRole.Disks.Vhd;

/// <summary>
/// The footer of a fixed VHD, the last 512 bytes of every disk that Azure takes ("Hard Disk Footer Format"), as bytes that
/// can be sent and compared.
/// </summary>
public sealed record FixedVhdFooter
{
    /// <summary>The length of a footer in bytes.</summary>
    public const int SizeInBytes = VhdFooter.Size;

    private FixedVhdFooter(byte[] bytes)
    {
        Bytes = bytes;
        var footer = VhdFooter.Parse(bytes);
        DiskLengthInBytes = (long)footer.CurrentSize;
        Identifier = footer.UniqueId;
    }

    /// <summary>The 512 bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The virtual size in bytes: what lies before the footer.</summary>
    public long DiskLengthInBytes { get; }

    /// <summary>The disk's unique id.</summary>
    public Guid Identifier { get; }

    /// <summary>A footer as this module writes it.</summary>
    /// <param name="diskLengthInBytes">The virtual size, a multiple of 512.</param>
    /// <param name="identifier">The unique id that the disk gets.</param>
    /// <param name="timeUtc">When the disk was made.</param>
    public static FixedVhdFooter Create(long diskLengthInBytes, Guid identifier, DateTime timeUtc) =>
        new(VhdFooter.Create(VhdType.Fixed, diskLengthInBytes, identifier, timeUtc).ToArray());

    /// <summary>The footer of a copy of this disk: everything but the unique id stays.</summary>
    public FixedVhdFooter WithIdentifier(Guid identifier) => new((VhdFooter.Parse(Bytes.Span) with { UniqueId = identifier }).ToArray());

    /// <summary>Reads a footer, and checks that it is the one of a fixed disk of the length that lies before it.</summary>
    /// <param name="source">The last 512 bytes of the disk.</param>
    /// <param name="diskLengthInBytes">How many bytes lie before them.</param>
    /// <param name="footer">The footer, where it is right.</param>
    /// <param name="problem">What is wrong with it, found versus expected, where it is not.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> source, long diskLengthInBytes, [NotNullWhen(true)] out FixedVhdFooter? footer, [NotNullWhen(false)] out string? problem)
    {
        footer = null;
        problem = FindProblem(source, diskLengthInBytes);
        if (problem is not null)
        {
            return false;
        }

        footer = new FixedVhdFooter(source.ToArray());
        return true;
    }

    private static string? FindProblem(ReadOnlySpan<byte> source, long diskLengthInBytes)
    {
        if (source.Length != SizeInBytes || !VhdFooter.HasCookie(source))
        {
            return "its last 512 bytes do not start with 'conectix'";
        }

        var footer = VhdFooter.Parse(source);
        uint computed = VhdChecksum.Compute(source, VhdFooter.ChecksumOffset);
        if (footer.Checksum != computed)
        {
            return $"the footer's checksum is 0x{footer.Checksum:X8}, expected 0x{computed:X8}";
        }

        if (footer.DiskType != (uint)VhdType.Fixed)
        {
            return $"the footer says disk type {footer.DiskType}, expected {(uint)VhdType.Fixed} (fixed)";
        }

        return footer.CurrentSize == (ulong)diskLengthInBytes
            ? null
            : $"the footer says a disk of {footer.CurrentSize} bytes, but {diskLengthInBytes} bytes lie before it";
    }
}
