using System.Buffers.Binary;
using System.Numerics;

namespace AzureVmRole.Disks.Vhd;

/// <summary>"Data Blocks": one bit for each sector of a block, the most significant bit of a byte first.</summary>
internal static class VhdSectorBitmap
{
    /// <summary>The length of the run of equal bits that starts at <paramref name="from"/>, and the bits' value.</summary>
    public static int RunLength(ReadOnlySpan<byte> bitmap, int from, int to, out bool isSet)
    {
        isSet = (bitmap[from >> 3] & (0x80 >> (from & 7))) != 0;
        int position = from;
        while (position < to)
        {
            // Up to 64 bits from the position on, the position's own bit on top; turned so that the run is ones.
            int byteIndex = position >> 3;
            ulong word = byteIndex + sizeof(ulong) <= bitmap.Length
                ? BinaryPrimitives.ReadUInt64BigEndian(bitmap[byteIndex..])
                : ReadTail(bitmap[byteIndex..]);
            int available = 64 - (position & 7);
            ulong turned = (isSet ? word : ~word) << (position & 7);
            int ones = Math.Min(BitOperations.LeadingZeroCount(~turned), available);
            position += ones;
            if (ones < available)
            {
                break;
            }
        }

        return Math.Min(position, to) - from;
    }

    /// <summary>Sets the bits of a run.</summary>
    public static void Set(Span<byte> bitmap, int from, int count)
    {
        for (int bit = from; bit < from + count; bit++)
        {
            if ((bit & 7) == 0 && from + count - bit >= 8)
            {
                bitmap[bit >> 3] = 0xFF;
                bit += 7;
            }
            else
            {
                bitmap[bit >> 3] |= (byte)(0x80 >> (bit & 7));
            }
        }
    }

    private static ulong ReadTail(ReadOnlySpan<byte> tail)
    {
        ulong word = 0;
        for (int index = 0; index < sizeof(ulong); index++)
        {
            word = (word << 8) | (index < tail.Length ? tail[index] : 0u);
        }

        return word;
    }
}
