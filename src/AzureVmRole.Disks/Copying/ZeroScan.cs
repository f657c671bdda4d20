namespace AzureVmRole.Disks.Copying;

/// <summary>Finds the parts of a buffer that hold anything but zeros.</summary>
public static class ZeroScan
{
    /// <summary>The unit in which zeros are left out: the smallest run worth a hole of its own.</summary>
    public const int Granularity = 65536;

    /// <summary>Whether every byte is zero; the comparison is vectorised by the runtime.</summary>
    public static bool IsZero(ReadOnlySpan<byte> data) => !data.ContainsAnyExcept((byte)0);

    /// <summary>
    /// The next run of units that are not all zero, from <paramref name="start"/> on; units are counted from the buffer's start.
    /// </summary>
    /// <returns>False when nothing but zeros is left.</returns>
    public static bool TryNextData(ReadOnlySpan<byte> data, int start, out Range run)
    {
        int first = data[start..].IndexOfAnyExcept((byte)0);
        if (first < 0)
        {
            run = default;
            return false;
        }

        int from = Math.Max(start, (start + first) / Granularity * Granularity);
        int to = from;
        do
        {
            to = Math.Min((to / Granularity * Granularity) + Granularity, data.Length);
        }
        while (to < data.Length && !IsZero(data[to..Math.Min(to + Granularity, data.Length)]));

        run = from..to;
        return true;
    }
}
