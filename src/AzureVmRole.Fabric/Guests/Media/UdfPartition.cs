using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>What UDF has in its partition before the contents: the file set, the root directory and an entry a file. ECMA-167, part 4.</summary>
internal sealed class UdfPartition(IsoLayout layout)
{
    /// <summary>Numbers below are kept for other uses: UDF 3.2.1.1.</summary>
    public const uint FirstUniqueId = 16;

    private const string Implementation = "*AzureVmRole";
    private const int DescriptorLength = 512 - UdfTag.Size;
    private const int EntryHead = 176;
    private const int ShortAddress = 8;
    private const byte DirectoryType = 4;
    private const byte FileType = 5;

    /// <summary>Read and search for everyone, and read for everyone: ECMA-167, 4/14.9.5.</summary>
    private const uint DirectoryPermissions = 0x14A5;
    private const uint FilePermissions = 0x1084;

    /// <summary>Writes the partition up to the contents.</summary>
    public void WriteTo(Span<byte> partition)
    {
        WriteFileSet(Block(partition, 0));
        UdfTag.Seal(Block(partition, 1), 8, 1, DescriptorLength);
        int rootLength = UdfDirectory.Length(layout.Files);
        WriteEntry(partition, IsoLayout.RootEntryBlock, DirectoryType, DirectoryPermissions, rootLength, IsoLayout.RootContentBlock, 0);
        UdfDirectory.WriteTo(partition.Slice(IsoLayout.RootContentBlock * IsoBytes.SectorSize, layout.RootContentBlocks * IsoBytes.SectorSize), layout);
        for (int index = 0; index < layout.Files.Count; index++)
        {
            int contentBlock = layout.ContentSector(index) - IsoLayout.PartitionSector;
            WriteEntry(partition, layout.EntryBlock(index), FileType, FilePermissions, layout.Files[index].Content.Length, contentBlock, FirstUniqueId + (uint)index);
        }
    }

    private static Span<byte> Block(Span<byte> partition, int block) => partition.Slice(block * IsoBytes.SectorSize, IsoBytes.SectorSize);

    /// <summary>ECMA-167, 4/14.1.</summary>
    private void WriteFileSet(Span<byte> at)
    {
        UdfTag.WriteTime(at[16..], layout.Time);
        BinaryPrimitives.WriteUInt16LittleEndian(at[28..], 3);
        BinaryPrimitives.WriteUInt16LittleEndian(at[30..], 3);
        BinaryPrimitives.WriteUInt32LittleEndian(at[32..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(at[36..], 1);
        UdfTag.WriteCharacters(at[48..]);
        UdfTag.WriteText(at.Slice(112, 128), layout.Label);
        UdfTag.WriteCharacters(at[240..]);
        UdfTag.WriteText(at.Slice(304, 32), layout.Label);
        BinaryPrimitives.WriteUInt32LittleEndian(at[400..], IsoBytes.SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(at[404..], IsoLayout.RootEntryBlock);
        UdfTag.WriteIdentifier(at[416..], "*OSTA UDF Compliant");
        UdfTag.Seal(at, 256, 0, DescriptorLength);
    }

    /// <summary>ECMA-167, 4/14.9: owner and group unsaid, one extent.</summary>
    private void WriteEntry(Span<byte> partition, int block, byte type, uint permissions, int length, int contentBlock, uint uniqueId)
    {
        Span<byte> at = Block(partition, block);
        BinaryPrimitives.WriteUInt16LittleEndian(at[20..], 4);
        BinaryPrimitives.WriteUInt16LittleEndian(at[24..], 1);
        at[27] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(at[36..], uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(at[40..], uint.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(at[44..], permissions);
        BinaryPrimitives.WriteUInt16LittleEndian(at[48..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(at[56..], (ulong)length);
        BinaryPrimitives.WriteUInt64LittleEndian(at[64..], (ulong)IsoBytes.Sectors(length));
        UdfTag.WriteTime(at[72..], layout.Time);
        UdfTag.WriteTime(at[84..], layout.Time);
        UdfTag.WriteTime(at[96..], layout.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(at[108..], 1);
        UdfTag.WriteIdentifier(at[128..], Implementation);
        BinaryPrimitives.WriteUInt64LittleEndian(at[160..], uniqueId);
        int addresses = length == 0 ? 0 : ShortAddress;
        BinaryPrimitives.WriteUInt32LittleEndian(at[172..], (uint)addresses);
        if (addresses > 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at[EntryHead..], (uint)length);
            BinaryPrimitives.WriteUInt32LittleEndian(at[(EntryHead + 4)..], (uint)contentBlock);
        }

        UdfTag.Seal(at, 261, (uint)block, EntryHead - UdfTag.Size + addresses);
    }
}
