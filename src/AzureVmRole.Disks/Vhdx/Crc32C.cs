using System.Buffers.Binary;
using System.Numerics;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>CRC-32C (Castagnoli polynomial 0x1EDC6F41), as [MS-VHDX] section 2 asks for.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    private const int FieldSize = sizeof(uint);

    /// <summary>The checksum of a structure, its own checksum field counted as zero.</summary>
    public static uint Compute(ReadOnlySpan<byte> structure, int checksumOffset)
    {
        uint state = Append(Start, structure[..checksumOffset]);
        state = BitOperations.Crc32C(state, 0u);
        return Finish(Append(state, structure[(checksumOffset + FieldSize)..]));
    }

    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte value in data)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    public static uint Finish(uint state) => ~state;
}
