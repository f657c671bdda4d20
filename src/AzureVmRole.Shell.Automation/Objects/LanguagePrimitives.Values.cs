using System.Globalization;
using System.Reflection;

namespace System.Management.Automation;

public static partial class LanguagePrimitives
{
    private static object ToSingle(object value, Type type)
    {
        if (type == typeof(bool))
        {
            return IsTrue(value);
        }

        if (type == typeof(SwitchParameter))
        {
            return new SwitchParameter(IsTrue(value));
        }

        if (type.IsEnum)
        {
            return ToEnum(value, type);
        }

        if (IsNumeric(type))
        {
            return ToNumber(value, type);
        }

        return value is string text ? Parse(text, type) : Construct(value, type);
    }

    private static object ToEnum(object value, Type type)
    {
        if (value is not string text)
        {
            object number = Enum.ToObject(type, ToNumber(value, Enum.GetUnderlyingType(type)));
            return Enum.IsDefined(type, number) || type.IsDefined(typeof(FlagsAttribute))
                ? number
                : throw new PSInvalidCastException(
                    $"Cannot convert value \"{ToText(value)}\" to type \"{type.FullName}\" due to enumeration values that are "
                    + "not valid. Specify one of the following enumeration values and try again. The possible enumeration "
                    + $"values are \"{string.Join(',', Enum.GetNames(type))}\".");
        }

        if (Enum.TryParse(type, text, ignoreCase: true, out object? result)
            && (Enum.IsDefined(type, result) || type.IsDefined(typeof(FlagsAttribute))))
        {
            return result;
        }

        string[] candidates = Array.FindAll(
            Enum.GetNames(type), name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase));
        return candidates.Length switch
        {
            1 => Enum.Parse(type, candidates[0]),
            0 => throw Failed(
                text,
                type,
                $"Unable to match the identifier name {text} to a valid enumerator name. Specify one of the following "
                + $"enumerator names and try again: {string.Join(", ", Enum.GetNames(type))}"),
            _ => throw Failed(
                text,
                type,
                $"The identifier name {text} cannot be processed because it is either too similar or identical to the following "
                + $"enumerator names: {string.Join(", ", candidates)}. Use a more specific identifier name."),
        };
    }

    private static object Parse(string text, Type type)
    {
        try
        {
            if (type == typeof(Uri))
            {
                return new Uri(text, UriKind.RelativeOrAbsolute);
            }

            if (type == typeof(DateTime))
            {
                return DateTime.Parse(text, CultureInfo.InvariantCulture);
            }

            if (type == typeof(DateTimeOffset))
            {
                return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
            }

            if (type == typeof(char) && text.Length == 1)
            {
                return text[0];
            }

            return ParseByClass(text, type) ?? Construct(text, type);
        }
        catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
        {
            throw Failed(text, type, error.Message, error);
        }
    }

    private static object? ParseByClass(string text, Type type)
    {
        MethodInfo? withCulture = type.GetMethod("Parse", [typeof(string), typeof(IFormatProvider)]);
        MethodInfo? plain = type.GetMethod("Parse", [typeof(string)]);
        if (withCulture is { IsStatic: true })
        {
            return Call(() => withCulture.Invoke(obj: null, [text, CultureInfo.InvariantCulture]), text, type);
        }

        return plain is { IsStatic: true } ? Call(() => plain.Invoke(obj: null, [text]), text, type) : null;
    }

    private static object Construct(object value, Type type)
    {
        ConstructorInfo? constructor = type.IsAbstract ? null : type.GetConstructor([value.GetType()]);
        return constructor is null
            ? throw new PSInvalidCastException(
                $"Cannot convert the \"{ToText(value)}\" value of type \"{value.GetType().FullName}\" "
                + $"to type \"{type.FullName}\".")
            : Call(() => constructor.Invoke([value]), value, type)!;
    }

    private static object? Call(Func<object?> call, object value, Type type)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException error)
        {
            Exception cause = error.InnerException ?? error;
            throw Failed(value, type, cause.Message, cause);
        }
    }
}
