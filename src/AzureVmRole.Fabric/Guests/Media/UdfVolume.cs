using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>What UDF has before its partition: that it is there, the volume twice, its integrity, and the anchor that names both. ECMA-167, part 2 and 3.</summary>
internal sealed class UdfVolume(IsoLayout layout)
{
    private const int RecognitionSector = 19;
    private const int DescriptorLength = 512 - UdfTag.Size;
    private const int PartitionMapLength = 6;
    private const string Implementation = "*AzureVmRole";
    private const string Domain = "*OSTA UDF Compliant";

    /// <summary>The anchor: ECMA-167, 3/10.2.</summary>
    public static void WriteAnchor(Span<byte> sector, uint location)
    {
        UdfTag.WriteExtent(sector[16..], IsoLayout.VolumeSectors * IsoBytes.SectorSize, IsoLayout.VolumeSector);
        UdfTag.WriteExtent(sector[24..], IsoLayout.VolumeSectors * IsoBytes.SectorSize, IsoLayout.ReserveSector);
        UdfTag.Seal(sector, 2, location, DescriptorLength);
    }

    public void WriteTo(Span<byte> image)
    {
        WriteRecognition(Sector(image, RecognitionSector), "BEA01"u8);
        WriteRecognition(Sector(image, RecognitionSector + 1), "NSR02"u8);
        WriteRecognition(Sector(image, RecognitionSector + 2), "TEA01"u8);
        WriteVolume(image, IsoLayout.VolumeSector);
        WriteVolume(image, IsoLayout.ReserveSector);
        WriteIntegrity(Sector(image, IsoLayout.IntegritySector));
        UdfTag.Seal(Sector(image, IsoLayout.IntegritySector + 1), 8, IsoLayout.IntegritySector + 1, DescriptorLength);
        WriteAnchor(Sector(image, IsoLayout.AnchorSector), IsoLayout.AnchorSector);
    }

    private static Span<byte> Sector(Span<byte> image, int sector) => image.Slice(sector * IsoBytes.SectorSize, IsoBytes.SectorSize);

    private static void WriteRecognition(Span<byte> sector, ReadOnlySpan<byte> identifier)
    {
        identifier.CopyTo(sector[1..]);
        sector[6] = 1;
    }

    private void WriteVolume(Span<byte> image, int sector)
    {
        WritePrimary(Sector(image, sector));
        UdfTag.Seal(Sector(image, sector), 1, (uint)sector, DescriptorLength);
        WriteInformation(Sector(image, sector + 1));
        UdfTag.Seal(Sector(image, sector + 1), 4, (uint)sector + 1, DescriptorLength);
        WritePartition(Sector(image, sector + 2));
        UdfTag.Seal(Sector(image, sector + 2), 5, (uint)sector + 2, DescriptorLength);
        WriteLogical(Sector(image, sector + 3));
        UdfTag.Seal(Sector(image, sector + 3), 6, (uint)sector + 3, 440 - UdfTag.Size + PartitionMapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(Sector(image, sector + 4)[16..], 4);
        UdfTag.Seal(Sector(image, sector + 4), 7, (uint)sector + 4, 24 - UdfTag.Size);
        UdfTag.Seal(Sector(image, sector + 5), 8, (uint)sector + 5, DescriptorLength);
    }

    /// <summary>ECMA-167, 3/10.1.</summary>
    private void WritePrimary(Span<byte> at)
    {
        UdfTag.WriteText(at.Slice(24, 32), layout.Label);
        BinaryPrimitives.WriteUInt16LittleEndian(at[56..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(at[58..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(at[60..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(at[62..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(at[64..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(at[68..], 1);

        // UDF 2.2.2.5: the first 16 characters tell sets of volumes apart.
        UdfTag.WriteText(at.Slice(72, 128), $"{layout.Time.ToUnixTimeSeconds():X16}{layout.Label}");
        UdfTag.WriteCharacters(at[200..]);
        UdfTag.WriteCharacters(at[264..]);
        UdfTag.WriteIdentifier(at[344..], Implementation);
        UdfTag.WriteTime(at[376..], layout.Time);
        UdfTag.WriteIdentifier(at[388..], Implementation);
    }

    /// <summary>UDF 2.2.7.</summary>
    private void WriteInformation(Span<byte> at)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], 1);
        UdfTag.WriteIdentifier(at[20..], "*UDF LV Info");
        UdfTag.WriteCharacters(at[52..]);
        UdfTag.WriteText(at.Slice(116, 128), layout.Label);
        UdfTag.WriteIdentifier(at[352..], Implementation);
    }

    /// <summary>ECMA-167, 3/10.5: read only.</summary>
    private void WritePartition(Span<byte> at)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(at[20..], 1);
        UdfTag.WriteIdentifier(at[24..], "+NSR02");
        BinaryPrimitives.WriteUInt32LittleEndian(at[184..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(at[188..], IsoLayout.PartitionSector);
        BinaryPrimitives.WriteUInt32LittleEndian(at[192..], (uint)layout.PartitionBlocks);
        UdfTag.WriteIdentifier(at[196..], Implementation);
    }

    /// <summary>ECMA-167, 3/10.6: one map, of the one partition.</summary>
    private void WriteLogical(Span<byte> at)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at[16..], 3);
        UdfTag.WriteCharacters(at[20..]);
        UdfTag.WriteText(at.Slice(84, 128), layout.Label);
        BinaryPrimitives.WriteUInt32LittleEndian(at[212..], IsoBytes.SectorSize);
        UdfTag.WriteIdentifier(at[216..], Domain);
        BinaryPrimitives.WriteUInt32LittleEndian(at[248..], IsoBytes.SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(at[264..], PartitionMapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(at[268..], 1);
        UdfTag.WriteIdentifier(at[272..], Implementation);
        UdfTag.WriteExtent(at[432..], IsoLayout.IntegritySectors * IsoBytes.SectorSize, IsoLayout.IntegritySector);
        at[440] = 1;
        at[441] = PartitionMapLength;
        BinaryPrimitives.WriteUInt16LittleEndian(at[442..], 1);
    }

    /// <summary>ECMA-167, 3/10.10: closed; UDF 2.2.6.</summary>
    private void WriteIntegrity(Span<byte> at)
    {
        UdfTag.WriteTime(at[16..], layout.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(at[28..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(at[40..], UdfPartition.FirstUniqueId + (ulong)layout.Files.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(at[72..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(at[76..], 46);
        BinaryPrimitives.WriteUInt32LittleEndian(at[84..], (uint)layout.PartitionBlocks);
        UdfTag.WriteIdentifier(at[88..], Implementation);
        BinaryPrimitives.WriteUInt32LittleEndian(at[120..], (uint)layout.Files.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(at[124..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(at[128..], 0x0102);
        BinaryPrimitives.WriteUInt16LittleEndian(at[130..], 0x0102);
        BinaryPrimitives.WriteUInt16LittleEndian(at[132..], 0x0102);
        UdfTag.Seal(at, 9, IsoLayout.IntegritySector, 134 - UdfTag.Size);
    }
}
