using System.Buffers.Binary;
using System.Text;

namespace AzureVmRole.Disks.Partitions;

/// <summary>An entry of a GPT's array (UEFI Specification 2.10, section 5.3.3). All fields little-endian.</summary>
/// <param name="TypeGuid">What the partition is for; empty for an unused entry.</param>
/// <param name="UniqueGuid">The partition's own id.</param>
/// <param name="FirstLba">The first sector.</param>
/// <param name="LastLba">The last sector.</param>
/// <param name="Attributes">Bits as the specification names them.</param>
/// <param name="Name">The name, at most 36 UTF-16 units.</param>
public readonly record struct GptEntry(
    Guid TypeGuid, Guid UniqueGuid, long FirstLba, long LastLba, ulong Attributes, string Name)
{
    /// <summary>The least length of an entry in bytes.</summary>
    public const int Size = 128;

    private const int UniqueGuidOffset = 16;
    private const int FirstLbaOffset = 32;
    private const int LastLbaOffset = 40;
    private const int AttributesOffset = 48;
    private const int NameOffset = 56;
    private const int NameLength = 72;
    private const ulong LegacyBiosBootable = 1 << 2;

    /// <summary>Whether the entry is not used.</summary>
    public bool IsEmpty => TypeGuid == Guid.Empty;

    /// <summary>Whether the partition is marked as one that a BIOS may boot.</summary>
    public bool IsLegacyBootable => (Attributes & LegacyBiosBootable) != 0;

    /// <summary>Reads an entry of at least <see cref="Size"/> bytes.</summary>
    public static GptEntry Parse(ReadOnlySpan<byte> entry) => new(
        new Guid(entry[..16]),
        new Guid(entry.Slice(UniqueGuidOffset, 16)),
        BinaryPrimitives.ReadInt64LittleEndian(entry[FirstLbaOffset..]),
        BinaryPrimitives.ReadInt64LittleEndian(entry[LastLbaOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(entry[AttributesOffset..]),
        ParseName(entry.Slice(NameOffset, NameLength)));

    private static string ParseName(ReadOnlySpan<byte> bytes)
    {
        string name = Encoding.Unicode.GetString(bytes);
        int end = name.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? name : name[..end];
    }
}
