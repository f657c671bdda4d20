using System.Globalization;
using System.Numerics;

namespace System.Management.Automation;

internal sealed partial class NumberLiteral
{
    private static readonly string[] Suffixes = ["ul", "us", "uy", "u", "l", "s", "y", "n", "d"];

    private static object? Fit(BigInteger value, string suffix) => suffix switch
    {
        "" => Smallest(value),
        "d" => Within(value, (BigInteger)decimal.MinValue, (BigInteger)decimal.MaxValue) ? (decimal)value : null,
        "l" => Within(value, long.MinValue, long.MaxValue) ? (long)value : null,
        "s" => Within(value, short.MinValue, short.MaxValue) ? (short)value : null,
        "y" => Within(value, sbyte.MinValue, sbyte.MaxValue) ? (sbyte)value : null,
        "ul" => Within(value, 0, ulong.MaxValue) ? (ulong)value : null,
        "us" => Within(value, 0, ushort.MaxValue) ? (ushort)value : null,
        "uy" => Within(value, 0, byte.MaxValue) ? (byte)value : null,
        "u" => Within(value, 0, uint.MaxValue) ? (uint)value : Within(value, 0, ulong.MaxValue) ? (ulong)value : null,
        _ => value,
    };

    private static object Smallest(BigInteger value)
    {
        if (Within(value, int.MinValue, int.MaxValue))
        {
            return (int)value;
        }

        if (Within(value, long.MinValue, long.MaxValue))
        {
            return (long)value;
        }

        return Within(value, (BigInteger)decimal.MinValue, (BigInteger)decimal.MaxValue)
            ? (decimal)value
            : (double)value;
    }

    private static bool Within(BigInteger value, BigInteger low, BigInteger high) => value >= low && value <= high;

    // 32 bits written out are those of an int, 64 those of a long: 0xFFFFFFFF is -1.
    private static object? BitsValue(
        ReadOnlySpan<char> digits, bool isHex, bool negative, long multiplier, string suffix)
    {
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowBinarySpecifier;
        int bitCount = digits.Length * (isHex ? 4 : 1);
        if (bitCount > 64 || !ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong bits))
        {
            return null;
        }

        BigInteger value = suffix.StartsWith('u') || suffix is "n" ? bits
            : bitCount == 32 ? unchecked((int)(uint)bits)
            : bitCount == 64 ? unchecked((long)bits)
            : bits;
        return Fit((negative ? -value : value) * multiplier, suffix);
    }
}
