namespace AzureVmRole.Disks.Partitions;

/// <summary>CRC-32 as GPT uses it: polynomial 0x04C11DB7, reflected (UEFI Specification 2.10, section 5.3.2).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(uint.MaxValue, data));

    /// <summary>The checksum of <paramref name="data"/> with <paramref name="skipLength"/> bytes of it taken as zeros.</summary>
    public static uint ComputeSkipping(ReadOnlySpan<byte> data, int skipOffset, int skipLength)
    {
        Span<byte> zeros = stackalloc byte[skipLength];
        zeros.Clear();
        uint state = Append(uint.MaxValue, data[..skipOffset]);
        state = Append(state, zeros);
        return Finish(Append(state, data[(skipOffset + skipLength)..]));
    }

    private static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            state = Table[(state & 0xFF) ^ value] ^ (state >> 8);
        }

        return state;
    }

    private static uint Finish(uint state) => ~state;

    private static uint[] MakeTable()
    {
        const uint Polynomial = 0xEDB88320;
        uint[] table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            uint value = index;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[index] = value;
        }

        return table;
    }
}
