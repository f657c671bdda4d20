using System.Globalization;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Writes byte counts for people.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>The count in the largest unit that leaves at least 1, with at most two decimals: <c>127 GiB</c>, <c>1.5 MiB</c>.</summary>
    public static string Format(long byteCount)
    {
        double value = byteCount;
        int unit = 0;
        while (Math.Abs(value) >= 1024)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Units[unit]}");
    }
}
