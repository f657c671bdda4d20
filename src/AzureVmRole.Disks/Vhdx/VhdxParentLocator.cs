using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>Who the parent is and where: the parent locator item ([MS-VHDX] section 2.6.2.6).</summary>
internal sealed class VhdxParentLocator
{
    private const int HeaderSize = 20;
    private const int EntrySize = 12;
    private const int GuidSize = 16;
    private const int CountOffset = 18;
    private const int KeyOffsetOffset = 0;
    private const int ValueOffsetOffset = 4;
    private const int KeyLengthOffset = 8;
    private const int ValueLengthOffset = 10;

    private readonly Dictionary<string, string> _values;

    private VhdxParentLocator(Dictionary<string, string> values, IReadOnlyList<Guid> linkages, long fileOffset)
    {
        _values = values;
        Linkages = linkages;
        FileOffset = fileOffset;
    }

    /// <summary>Where the item is in the child's file.</summary>
    public long FileOffset { get; }

    /// <summary>The data write GUIDs that the parent may have.</summary>
    public IReadOnlyList<Guid> Linkages { get; }

    /// <summary>The path relative to the child's folder, with backslashes; null where there is none.</summary>
    public string? RelativePath => _values.GetValueOrDefault("relative_path");

    /// <summary>The path from the volume's GUID; null where there is none.</summary>
    public string? VolumePath => _values.GetValueOrDefault("volume_path");

    /// <summary>The path from a drive letter or share; null where there is none.</summary>
    public string? AbsolutePath => _values.GetValueOrDefault("absolute_win32_path");

    public static VhdxParentLocator Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, HeaderSize, "Parent locator", path, fileOffset);
        var type = new Guid(source[..GuidSize]);
        if (type != VhdxFormat.VhdxLocatorType)
        {
            throw Invalid(path, "LocatorType", fileOffset, $"{{{type}}}", $"{{{VhdxFormat.VhdxLocatorType}}}");
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(source[CountOffset..]);
        VhdxErrors.CheckLength(source, HeaderSize + (count * EntrySize), "Parent locator", path, fileOffset);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        long textLength = 0;
        for (int index = 0; index < count; index++)
        {
            int entry = HeaderSize + (index * EntrySize);
            string key = ReadText(source, entry + KeyOffsetOffset, entry + KeyLengthOffset, "Key", path, fileOffset);
            string value = ReadText(source, entry + ValueOffsetOffset, entry + ValueLengthOffset, "Value", path, fileOffset);
            textLength += 2L * (key.Length + value.Length);

            // Texts that share bytes could ask for far more memory than the item has.
            if (textLength > source.Length || !values.TryAdd(key, value))
            {
                throw Invalid(
                    path, "Parent locator entry", fileOffset + entry, $"'{key}' again or overlapping others",
                    "each key once, with bytes of its own");
            }
        }

        return new VhdxParentLocator(values, ReadLinkages(values, path, fileOffset), fileOffset);
    }

    private static string ReadText(
        ReadOnlySpan<byte> source, int offsetOffset, int lengthOffset, string what, string path, long fileOffset)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(source[offsetOffset..]);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(source[lengthOffset..]);
        if (length == 0 || length % 2 != 0 || offset == 0 || offset > source.Length - length)
        {
            throw Invalid(
                path, $"{what}Offset", fileOffset + offsetOffset, $"0x{offset:X} with {length} bytes to follow",
                $"UTF-16 text inside the item of {source.Length} bytes");
        }

        string text = Encoding.Unicode.GetString(source.Slice((int)offset, length));
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw Invalid(path, what, fileOffset + offset, "text with a NUL character", "text without")
            : text;
    }

    private static List<Guid> ReadLinkages(Dictionary<string, string> values, string path, long fileOffset)
    {
        var linkages = new List<Guid>();
        foreach (string key in (string[])["parent_linkage", "parent_linkage2"])
        {
            if (!values.TryGetValue(key, out string? text))
            {
                continue;
            }

            if (!Guid.TryParse(text, out Guid linkage))
            {
                throw Invalid(path, key, fileOffset, $"'{text}'", "a GUID in braces");
            }

            linkages.Add(linkage);
        }

        return linkages.Count > 0
            ? linkages
            : throw Invalid(path, "parent_linkage", fileOffset, "missing", "the parent's data write GUID");
    }

    private static DiskFormatException Invalid(string path, string field, long fileOffset, string found, string expected) =>
        VhdxErrors.Invalid(ErrorCode.VhdxParentLocatorInvalid, path, field, fileOffset, found, expected);
}
