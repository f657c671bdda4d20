using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace System.Management.Automation;

/// <summary>
/// A number as it was typed, such as <c>10GB</c>, <c>-1.5</c> or <c>0x1F</c>. Like PowerShell, a command's argument
/// keeps its text, which a string parameter gets unchanged.
/// </summary>
internal sealed partial class NumberLiteral
{
    private NumberLiteral(string text, object value)
    {
        Text = text;
        Value = value;
    }

    /// <summary>The number as it was typed.</summary>
    public string Text { get; }

    /// <summary>The number: the smallest of int, long, decimal and double that holds it, or what its suffix says.</summary>
    public object Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads a number of PowerShell's grammar (about_Numeric_Literals).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NumberLiteral? literal)
    {
        literal = null;
        ReadOnlySpan<char> rest = text;
        bool negative = rest.Length > 0 && rest[0] == '-';
        rest = rest.Length > 0 && rest[0] is '-' or '+' ? rest[1..] : rest;
        if (rest.IsEmpty || !(char.IsAsciiDigit(rest[0]) || (rest[0] == '.' && rest.Length > 1)))
        {
            return false;
        }

        long multiplier = TakeMultiplier(ref rest);
        bool isHex = rest.Length > 2 && rest[0] == '0' && rest[1] is 'x' or 'X';
        bool isBinary = rest.Length > 2 && rest[0] == '0' && rest[1] is 'b' or 'B';
        string suffix = TakeSuffix(ref rest, isHex);
        object? value = isHex || isBinary
            ? BitsValue(rest[2..], isHex, negative, multiplier, suffix)
            : DecimalValue(rest, negative, multiplier, suffix);
        literal = value is null ? null : new NumberLiteral(text, value);
        return literal is not null;
    }

    private static long TakeMultiplier(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length < 3 || rest[^1] is not ('b' or 'B'))
        {
            return 1;
        }

        int power = "kmgtp".IndexOf(char.ToLowerInvariant(rest[^2]), StringComparison.Ordinal) + 1;
        rest = power == 0 ? rest : rest[..^2];
        return 1L << (10 * power);
    }

    private static string TakeSuffix(ref ReadOnlySpan<char> rest, bool isHex)
    {
        foreach (string suffix in Suffixes)
        {
            bool isDigit = isHex && suffix is "d";
            if (!isDigit && rest.Length > suffix.Length && rest.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[..^suffix.Length];
                return suffix;
            }
        }

        return "";
    }

    private static object? DecimalValue(ReadOnlySpan<char> digits, bool negative, long multiplier, string suffix)
    {
        if (digits.IndexOfAnyExceptInRange('0', '9') < 0)
        {
            BigInteger whole = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * multiplier;
            return Fit(negative ? -whole : whole, suffix);
        }

        const NumberStyles Real = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (suffix is "d")
        {
            return decimal.TryParse(digits, Real, CultureInfo.InvariantCulture, out decimal exact)
                ? (negative ? -exact : exact) * multiplier
                : null;
        }

        if (!double.TryParse(digits, Real, CultureInfo.InvariantCulture, out double real))
        {
            return null;
        }

        double product = (negative ? -real : real) * multiplier;
        return suffix.Length == 0 ? product : Fit(new BigInteger(Math.Round(product)), suffix);
    }
}
