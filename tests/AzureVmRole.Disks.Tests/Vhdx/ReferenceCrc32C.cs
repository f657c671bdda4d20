namespace AzureVmRole.Disks.Tests.Vhdx;

/// <summary>CRC-32C bit by bit from its definition, independent of the engine's.</summary>
internal static class ReferenceCrc32C
{
    private const uint ReversedPolynomial = 0x82F63B78;

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint state = uint.MaxValue;
        foreach (byte value in data)
        {
            state ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * ReversedPolynomial);
            }
        }

        return ~state;
    }
}
