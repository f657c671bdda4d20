namespace AzureVmRole.Fabric.Placement;

/// <summary>
/// The sizes that the fabric knows, with the numbers that Azure publishes ("Sizes for virtual machines in Azure", and for the classic names "Sizes for
/// Cloud Services").
/// </summary>
public static class VmSizes
{
    private const int GiB = 1024;
    private const int LongestName = 64;

    private static readonly Dictionary<string, VmSize> Table = Enumerate().ToDictionary(size => size.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every size, by name.</summary>
    public static IReadOnlyList<VmSize> All { get; } = [.. Table.Values.OrderBy(size => size.Name, StringComparer.Ordinal)];

    /// <summary>A size by its name in any case of letters; null when there is none.</summary>
    public static VmSize? Find(string? name) => name is not null && Table.TryGetValue(name, out VmSize? size) ? size : null;

    /// <summary>The names that are nearest to one that is not known: the fewest letters to change first.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="count">How many names there may be at most.</param>
    public static IReadOnlyList<string> FindNearest(string name, int count) =>
        [.. All.OrderBy(size => DistanceOf(size.Name.ToUpperInvariant(), name.ToUpperInvariant())).Select(size => size.Name).Take(count)];

    // Levenshtein's distance, row by row.
    private static int DistanceOf(string left, string right)
    {
        right = right[..Math.Min(right.Length, LongestName)];
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int index = 0; index < left.Length; index++)
        {
            int diagonal = row[0];
            row[0] = index + 1;
            for (int column = 0; column < right.Length; column++)
            {
                int replaced = diagonal + (left[index] == right[column] ? 0 : 1);
                diagonal = row[column + 1];
                row[column + 1] = Math.Min(replaced, Math.Min(row[column], row[column + 1]) + 1);
            }
        }

        return row[^1];
    }

    private static IEnumerable<VmSize> Enumerate() =>
    [
        .. Classic(), .. Basic(), .. Burstable(), .. Named(),
        .. Family("Standard_A{0}_v2", 2 * GiB, 10 * GiB, 2, 16, 1, 2, 4, 8),
        .. Family("Standard_A{0}m_v2", 8 * GiB, 10 * GiB, 2, 16, 2, 4, 8),
        .. Family("Standard_F{0}s", 2 * GiB, 4 * GiB, 4, 64, 1, 2, 4, 8, 16),
        .. Family("Standard_F{0}s_v2", 2 * GiB, 8 * GiB, 2, 32, 2, 4, 8, 16, 32, 48, 64, 72),
        .. Family("Standard_D{0}_v3", 4 * GiB, 25 * GiB, 2, 32, 2, 4, 8, 16, 32, 48, 64),
        .. Family("Standard_D{0}s_v3", 4 * GiB, 8 * GiB, 2, 32, 2, 4, 8, 16, 32, 48, 64),
        .. Family("Standard_D{0}s_v4", 4 * GiB, 0, 2, 32, 2, 4, 8, 16, 32, 48, 64),
        .. Family("Standard_D{0}s_v5", 4 * GiB, 0, 2, 32, 2, 4, 8, 16, 32, 48, 64, 96),
        .. Family("Standard_D{0}as_v5", 4 * GiB, 0, 2, 32, 2, 4, 8, 16, 32, 48, 64, 96),
        .. Family("Standard_D{0}ds_v5", 4 * GiB, 75 * GiB / 2, 2, 32, 2, 4, 8, 16, 32, 48, 64, 96),
        .. Family("Standard_E{0}s_v3", 8 * GiB, 16 * GiB, 2, 32, 2, 4, 8, 16, 20, 32, 48),
        .. Family("Standard_E{0}s_v5", 8 * GiB, 0, 2, 32, 2, 4, 8, 16, 20, 32, 48, 64),
    ];

    /// <summary>Sizes of one kind grow with their cores.</summary>
    private static IEnumerable<VmSize> Family(string name, int memoryPerCoreInMB, int resourceDiskPerCoreInMB, int disksPerCore, int mostDisks, params int[] cores) =>
        cores.Select(count => new VmSize(
            string.Format(System.Globalization.CultureInfo.InvariantCulture, name, count), count, count * memoryPerCoreInMB,
            Math.Min(count * disksPerCore, mostDisks), count * resourceDiskPerCoreInMB));

    /// <summary>The names of the classic service model, and the A sizes that took their place.</summary>
    private static IEnumerable<VmSize> Classic() =>
    [
        new("ExtraSmall", 1, 768, 1, 20 * GiB),
        new("Small", 1, 1792, 2, 70 * GiB),
        new("Medium", 2, 3584, 4, 135 * GiB),
        new("Large", 4, 7168, 8, 285 * GiB),
        new("ExtraLarge", 8, 14336, 16, 605 * GiB),
        new("Standard_A0", 1, 768, 1, 20 * GiB),
        new("Standard_A1", 1, 1792, 2, 70 * GiB),
        new("Standard_A2", 2, 3584, 4, 135 * GiB),
        new("Standard_A3", 4, 7168, 8, 285 * GiB),
        new("Standard_A4", 8, 14336, 16, 605 * GiB),
        new("Standard_A5", 2, 14336, 4, 135 * GiB),
        new("Standard_A6", 4, 28672, 8, 285 * GiB),
        new("Standard_A7", 8, 57344, 16, 605 * GiB),
    ];

    private static IEnumerable<VmSize> Basic() =>
    [
        new("Basic_A0", 1, 768, 1, 20 * GiB),
        new("Basic_A1", 1, 1792, 2, 40 * GiB),
        new("Basic_A2", 2, 3584, 4, 60 * GiB),
        new("Basic_A3", 4, 7168, 8, 120 * GiB),
        new("Basic_A4", 8, 14336, 16, 240 * GiB),
    ];

    private static IEnumerable<VmSize> Burstable() =>
    [
        new("Standard_B1ls", 1, 512, 2, 4 * GiB),
        new("Standard_B1s", 1, 1 * GiB, 2, 4 * GiB),
        new("Standard_B1ms", 1, 2 * GiB, 2, 4 * GiB),
        new("Standard_B2s", 2, 4 * GiB, 4, 8 * GiB),
        new("Standard_B2ms", 2, 8 * GiB, 4, 16 * GiB),
        new("Standard_B4ms", 4, 16 * GiB, 8, 32 * GiB),
        new("Standard_B8ms", 8, 32 * GiB, 16, 64 * GiB),
        new("Standard_B12ms", 12, 48 * GiB, 16, 96 * GiB),
        new("Standard_B16ms", 16, 64 * GiB, 32, 128 * GiB),
        new("Standard_B20ms", 20, 80 * GiB, 32, 160 * GiB),
    ];

    /// <summary>D_v2 and DS_v2: the number in the name is no count of cores.</summary>
    private static IEnumerable<VmSize> Named() =>
    [
        new("Standard_D1_v2", 1, 3584, 4, 50 * GiB),
        new("Standard_D2_v2", 2, 7168, 8, 100 * GiB),
        new("Standard_D3_v2", 4, 14336, 16, 200 * GiB),
        new("Standard_D4_v2", 8, 28672, 32, 400 * GiB),
        new("Standard_D5_v2", 16, 57344, 64, 800 * GiB),
        new("Standard_D11_v2", 2, 14336, 8, 100 * GiB),
        new("Standard_D12_v2", 4, 28672, 16, 200 * GiB),
        new("Standard_D13_v2", 8, 57344, 32, 400 * GiB),
        new("Standard_D14_v2", 16, 114688, 64, 800 * GiB),
        new("Standard_DS1_v2", 1, 3584, 4, 7 * GiB),
        new("Standard_DS2_v2", 2, 7168, 8, 14 * GiB),
        new("Standard_DS3_v2", 4, 14336, 16, 28 * GiB),
        new("Standard_DS4_v2", 8, 28672, 32, 56 * GiB),
        new("Standard_DS5_v2", 16, 57344, 64, 112 * GiB),
        new("Standard_DS11_v2", 2, 14336, 8, 28 * GiB),
        new("Standard_DS12_v2", 4, 28672, 16, 56 * GiB),
        new("Standard_DS13_v2", 8, 57344, 32, 112 * GiB),
        new("Standard_DS14_v2", 16, 114688, 64, 224 * GiB),
        new("Standard_E64s_v3", 64, 432 * GiB, 32, 864 * GiB),
        new("Standard_E96s_v5", 96, 672 * GiB, 32, 0),
    ];
}
