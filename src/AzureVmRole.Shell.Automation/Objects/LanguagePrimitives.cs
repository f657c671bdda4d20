using System.Collections;
using System.Globalization;

namespace System.Management.Automation;

/// <summary>PowerShell's conversions, as far as arguments and properties need them.</summary>
public static partial class LanguagePrimitives
{
    /// <summary>Returns the elements of a collection; null for strings, dictionaries and single objects.</summary>
    public static IEnumerable? GetEnumerable(object? obj) => PSObject.Unwrap(obj) switch
    {
        string or IDictionary => null,
        IEnumerable elements => elements,
        _ => null,
    };

    /// <summary>Whether a value counts as true: not null, 0, empty or an empty collection.</summary>
    public static bool IsTrue(object? obj) => PSObject.Unwrap(obj) switch
    {
        null => false,
        bool value => value,
        SwitchParameter value => value.IsPresent,
        string value => value.Length > 0,
        IList { Count: 0 } => false,
        IList { Count: 1 } list => IsTrue(list[0]),
        IConvertible value when value.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal =>
            value.ToDouble(CultureInfo.InvariantCulture) != 0,
        _ => true,
    };

    /// <summary>Converts a value.</summary>
    /// <exception cref="PSInvalidCastException">The value has no equivalent of that type.</exception>
    public static T ConvertTo<T>(object? valueToConvert) => (T)ConvertTo(valueToConvert, typeof(T))!;

    /// <summary>Converts a value.</summary>
    /// <exception cref="PSInvalidCastException">The value has no equivalent of that type.</exception>
    public static object? ConvertTo(object? valueToConvert, Type resultType)
    {
        if (valueToConvert is NumberLiteral literal)
        {
            return FromLiteral(literal, resultType);
        }

        object? value = PSObject.Unwrap(valueToConvert);
        if (resultType == typeof(PSObject))
        {
            return valueToConvert is null ? null : PSObject.AsPSObject(valueToConvert);
        }

        if (value is not null && resultType.IsInstanceOfType(value))
        {
            return value;
        }

        if (Nullable.GetUnderlyingType(resultType) is { } inner)
        {
            return value is null or "" ? null : ConvertTo(value, inner);
        }

        if (value is null)
        {
            return resultType == typeof(string) ? "" : resultType.IsValueType ? ZeroOf(resultType) : null;
        }

        if (resultType == typeof(string))
        {
            return ToText(valueToConvert);
        }

        return ElementTypeOf(resultType) is { } elementType
            ? ToCollection(value, resultType, elementType)
            : ToSingle(value, resultType);
    }

    /// <summary>Converts a value where that is possible.</summary>
    public static bool TryConvertTo<T>(object? valueToConvert, out T? result)
    {
        bool converted = TryConvertTo(valueToConvert, typeof(T), out object? value);
        result = converted ? (T?)value : default;
        return converted;
    }

    /// <summary>Converts a value where that is possible.</summary>
    public static bool TryConvertTo(object? valueToConvert, Type resultType, out object? result)
    {
        try
        {
            result = ConvertTo(valueToConvert, resultType);
            return true;
        }
        catch (PSInvalidCastException)
        {
            result = null;
            return false;
        }
    }

    internal static PSInvalidCastException Failed(object value, Type type, string reason, Exception? cause = null) =>
        new($"Cannot convert value \"{ToText(value)}\" to type \"{type.FullName}\". Error: \"{reason}\"", cause!);

    internal static string ToText(object? value) => value switch
    {
        null => "",
        string text => text,
        PSObject wrapper => wrapper.ToString(),
        IDictionary dictionary => dictionary.ToString() ?? "",
        IEnumerable elements => JoinElements(elements),
        Enum => value.ToString() ?? "",
        double number => number.ToString("G15", CultureInfo.InvariantCulture),
        float number => number.ToString("G7", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(format: null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // A number that was typed is text for what is made from text, and ticks for times.
    private static object? FromLiteral(NumberLiteral literal, Type type)
    {
        Type inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(PSObject))
        {
            return new PSObject(literal.Value, literal.Text);
        }

        if (inner == typeof(TimeSpan) || inner == typeof(DateTime))
        {
            long ticks = ConvertTo<long>(literal.Value);
            return inner == typeof(TimeSpan) ? new TimeSpan(ticks) : new DateTime(ticks, DateTimeKind.Unspecified);
        }

        bool wantsNumber = inner == typeof(bool)
            || inner == typeof(SwitchParameter)
            || inner.IsEnum
            || IsNumeric(inner)
            || inner.IsInstanceOfType(literal.Value)
            || (ElementTypeOf(inner) is { } elementType && elementType != typeof(string));
        return ConvertTo(wantsNumber ? literal.Value : literal.Text, type);
    }

    private static string JoinElements(IEnumerable elements)
    {
        List<string> texts = [];
        foreach (object? element in elements)
        {
            texts.Add(ToText(element));
        }

        return string.Join(' ', texts);
    }

    private static object? ZeroOf(Type type) =>
        type == typeof(SwitchParameter) ? default(SwitchParameter) : Array.CreateInstance(type, 1).GetValue(0);
}
