using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Parent Locator Entries": where one form of the parent's path is in the file. 24 bytes, big-endian.</summary>
internal readonly record struct VhdParentLocator(string PlatformCode, uint DataSpace, uint DataLength, ulong DataOffset)
{
    public const int Size = 24;

    /// <summary>A path relative to the child's folder, UTF-16 little-endian.</summary>
    public const string RelativeUnicode = "W2ru";

    /// <summary>An absolute path, UTF-16 little-endian.</summary>
    public const string AbsoluteUnicode = "W2ku";

    /// <summary>A file URL, UTF-8.</summary>
    public const string MacUrl = "MacX";

    private const int DataSpaceOffset = 4;
    private const int DataLengthOffset = 8;
    private const int DataOffsetOffset = 16;
    private const string Unused = "\0\0\0\0";

    public bool IsUsed => PlatformCode != Unused;

    /// <summary>Whether the path lies inside a file of this length.</summary>
    public bool EndsBefore(long fileLength) =>
        DataOffset <= (ulong)fileLength && DataLength <= (ulong)fileLength - DataOffset;

    public static VhdParentLocator Parse(ReadOnlySpan<byte> source) => new(
        Encoding.Latin1.GetString(source[..4]),
        BinaryPrimitives.ReadUInt32BigEndian(source[DataSpaceOffset..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[DataLengthOffset..]),
        BinaryPrimitives.ReadUInt64BigEndian(source[DataOffsetOffset..]));

    public void WriteTo(Span<byte> destination)
    {
        destination[..Size].Clear();
        Encoding.Latin1.GetBytes(PlatformCode, destination[..4]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[DataSpaceOffset..], DataSpace);
        BinaryPrimitives.WriteUInt32BigEndian(destination[DataLengthOffset..], DataLength);
        BinaryPrimitives.WriteUInt64BigEndian(destination[DataOffsetOffset..], DataOffset);
    }

    /// <summary>The path in its platform's own coding, or null for a code that holds no path this module can use.</summary>
    public string? Decode(ReadOnlySpan<byte> data) => PlatformCode switch
    {
        RelativeUnicode or AbsoluteUnicode => Encoding.Unicode.GetString(data).Split('\0')[0],
        MacUrl => DecodeUrl(Encoding.UTF8.GetString(data).Split('\0')[0]),
        _ => null,
    };

    private static string? DecodeUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) && parsed.IsFile
            ? Uri.UnescapeDataString(parsed.AbsolutePath)
            : null;
}
