using System.Buffers.Binary;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>The number formats of ISO 9660 and UDF.</summary>
internal static class IsoBytes
{
    /// <summary>Bytes of a sector of either format.</summary>
    public const int SectorSize = 2048;

    /// <summary>A number in both byte orders: ECMA-119, 7.3.3.</summary>
    public static void WriteBoth32(Span<byte> at, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(at, value);
        BinaryPrimitives.WriteUInt32BigEndian(at[4..], value);
    }

    /// <summary>A number in both byte orders: ECMA-119, 7.2.3.</summary>
    public static void WriteBoth16(Span<byte> at, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(at, value);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], value);
    }

    /// <summary>Sectors that a length takes.</summary>
    public static int Sectors(long length) => checked((int)((length + SectorSize - 1) / SectorSize));
}
