using AzureVmRole.Disks.Files;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>Runs of equal bits in a sector bitmap, the lowest bit of a byte first ([MS-VHDX] section 2.4).</summary>
internal static class VhdxSectorBitmap
{
    private const int BitsPerByte = 8;
    private const int PieceSize = 4096;

    /// <summary>The runs in a range of bits of the bitmap at <paramref name="bitmapOffset"/>.</summary>
    public static IEnumerable<(int BitCount, bool IsPresent)> EnumerateRuns(
        DiskFile file, long bitmapOffset, int firstBit, int bitCount)
    {
        byte[] bytes = new byte[PieceSize];
        int endBit = firstBit + bitCount;
        while (firstBit < endBit)
        {
            int firstByte = firstBit / BitsPerByte;
            int pieceEnd = Math.Min(endBit, (firstByte + PieceSize) * BitsPerByte);
            int byteCount = ((pieceEnd + BitsPerByte - 1) / BitsPerByte) - firstByte;
            file.ReadExactly(bitmapOffset + firstByte, bytes.AsSpan(0, byteCount));
            int bit = firstBit % BitsPerByte;
            int end = bit + (pieceEnd - firstBit);
            while (bit < end)
            {
                bool isPresent = IsSet(bytes, bit);
                int runEnd = FindRunEnd(bytes, bit, end, isPresent);
                yield return (runEnd - bit, isPresent);
                bit = runEnd;
            }

            firstBit = pieceEnd;
        }
    }

    private static bool IsSet(ReadOnlySpan<byte> bytes, int bit) =>
        (bytes[bit / BitsPerByte] & (1 << (bit % BitsPerByte))) != 0;

    private static int FindRunEnd(ReadOnlySpan<byte> bytes, int bit, int end, bool value)
    {
        while (bit < end && IsSet(bytes, bit) == value)
        {
            bit++;
            if (bit % BitsPerByte == 0)
            {
                int same = bytes[(bit / BitsPerByte)..].IndexOfAnyExcept(value ? byte.MaxValue : byte.MinValue);
                bit = same < 0 ? end : bit + (same * BitsPerByte);
            }
        }

        return Math.Min(bit, end);
    }
}
