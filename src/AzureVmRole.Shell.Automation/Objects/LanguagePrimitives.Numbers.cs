using System.Globalization;
using System.Numerics;

namespace System.Management.Automation;

public static partial class LanguagePrimitives
{
    internal static bool IsNumeric(Type type) =>
        !type.IsEnum
        && (Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal || type == typeof(BigInteger));

    private static object ToNumber(object value, Type type)
    {
        object number = value switch
        {
            string text => NumberFromText(text, type),
            bool flag => flag ? 1 : 0,
            char character => (int)character,
            Enum constant => Convert.ChangeType(
                constant, Enum.GetUnderlyingType(constant.GetType()), CultureInfo.InvariantCulture),
            _ => value,
        };
        if (number is not IConvertible && number is not BigInteger)
        {
            throw new PSInvalidCastException(
                $"Cannot convert the \"{ToText(value)}\" value of type \"{value.GetType().FullName}\" "
                + $"to type \"{type.FullName}\".");
        }

        try
        {
            return number is BigInteger big ? FromBig(big, type)
                : type == typeof(BigInteger) ? (BigInteger)Convert.ToDecimal(number, CultureInfo.InvariantCulture)
                : Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is OverflowException or FormatException or InvalidCastException)
        {
            throw Failed(value, type, error.Message, error);
        }
    }

    private static object NumberFromText(string text, Type type)
    {
        string trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return 0;
        }

        return NumberLiteral.TryParse(trimmed, out NumberLiteral? literal)
            ? literal.Value
            : throw Failed(text, type, $"The input string '{text}' was not in a correct format.");
    }

    private static object FromBig(BigInteger value, Type type) => type == typeof(BigInteger)
        ? value
        : Convert.ChangeType((decimal)value, type, CultureInfo.InvariantCulture);
}
