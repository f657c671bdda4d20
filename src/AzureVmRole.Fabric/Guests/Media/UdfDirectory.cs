using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>UDF's root directory: an identifier for its parent (itself) and one a file. ECMA-167, 4/14.4.</summary>
internal static class UdfDirectory
{
    private const int Head = 38;
    private const byte ParentDirectory = 0x0A;

    /// <summary>Bytes of the directory.</summary>
    public static int Length(IReadOnlyList<IsoFile> files) => Size(0) + files.Sum(static file => Size(UdfTag.Name(file.Name).Length));

    public static void WriteTo(Span<byte> content, IsoLayout layout)
    {
        int at = Write(content, 0, ParentDirectory, IsoLayout.RootEntryBlock, 0, []);
        for (int index = 0; index < layout.Files.Count; index++)
        {
            at = Write(content, at, 0, layout.EntryBlock(index), UdfPartition.FirstUniqueId + (uint)index, UdfTag.Name(layout.Files[index].Name));
        }
    }

    private static int Size(int nameLength) => (Head + nameLength + 3) / 4 * 4;

    private static int Write(Span<byte> content, int at, byte characteristics, int entryBlock, uint uniqueId, ReadOnlySpan<byte> name)
    {
        int size = Size(name.Length);
        Span<byte> identifier = content.Slice(at, size);
        BinaryPrimitives.WriteUInt16LittleEndian(identifier[16..], 1);
        identifier[18] = characteristics;
        identifier[19] = (byte)name.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(identifier[20..], IsoBytes.SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(identifier[24..], (uint)entryBlock);
        BinaryPrimitives.WriteUInt32LittleEndian(identifier[32..], uniqueId);
        name.CopyTo(identifier[Head..]);
        UdfTag.Seal(identifier, 257, (uint)(IsoLayout.RootContentBlock + (at / IsoBytes.SectorSize)), size - UdfTag.Size);
        return at + size;
    }
}
