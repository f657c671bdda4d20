using System.Collections;
using System.Management.Automation;
using System.Reflection;

namespace AzureVmRole.Shell.Binding;

/// <summary>Makes an argument what its parameter needs: transformed, converted, validated.</summary>
internal sealed class ArgumentConverter
{
    private readonly EngineIntrinsics _engine;

    public ArgumentConverter(SessionState sessionState)
    {
        _engine = new EngineIntrinsics(sessionState);
    }

    /// <summary>Returns the value for the parameter.</summary>
    /// <exception cref="ParameterBindingException">The argument does not fit.</exception>
    public object? Convert(CommandParameter parameter, object? argument)
    {
        object? value = Transform(parameter, argument);
        RefuseNullAndEmpty(parameter, value);
        value = ConvertType(parameter, value);
        RefuseNullAndEmpty(parameter, value);
        Validate(parameter, value);
        return value;
    }

    /// <summary>Whether the argument is of the parameter's type already, or of its elements' type.</summary>
    public static bool IsOfType(CommandParameter parameter, object? argument)
    {
        object? value = Plain(PSObject.Unwrap(argument));
        if (value is null || parameter.Transformations.Count > 0)
        {
            return value is not null;
        }

        Type type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        if (type == typeof(PSObject) || type.IsInstanceOfType(value))
        {
            return true;
        }

        if (LanguagePrimitives.ElementTypeOf(type) is not { } elementType)
        {
            return false;
        }

        return LanguagePrimitives.GetEnumerable(value) is { } elements
            ? elements.Cast<object?>().All(element => Fits(elementType, element))
            : Fits(elementType, value);
    }

    private static bool Fits(Type type, object? value) =>
        type == typeof(PSObject) || type.IsInstanceOfType(PSObject.Unwrap(value));

    private object? Transform(CommandParameter parameter, object? argument)
    {
        object? value = argument;
        foreach (ArgumentTransformationAttribute transformation in parameter.Transformations)
        {
            try
            {
                value = transformation.Transform(_engine, Plain(value));
            }
            catch (ArgumentTransformationMetadataException error)
            {
                throw new ParameterBindingException(
                    "ParameterArgumentTransformationError",
                    ErrorCategory.InvalidData,
                    parameter.Name,
                    $"Cannot process argument transformation on parameter '{parameter.Name}'. {error.Message}",
                    error);
            }
        }

        return value;
    }

    private static object? Plain(object? value) => value switch
    {
        NumberLiteral number => number.Value,
        object?[] items => Array.ConvertAll(items, Plain),
        _ => value,
    };

    private static void RefuseNullAndEmpty(CommandParameter parameter, object? value)
    {
        if (!parameter.IsMandatory(CommandDescription.AllSets))
        {
            return;
        }

        switch (value)
        {
            case null when !parameter.AllowsNull:
                throw Empty(parameter, "Null", "null");
            case "" when !parameter.AllowsEmptyString:
                throw Empty(parameter, "EmptyString", "an empty string");
            case ICollection { Count: 0 } when !parameter.AllowsEmptyCollection:
                throw Empty(parameter, "EmptyArray", "an empty array");
            case IList list:
                foreach (object? item in list)
                {
                    RefuseNullAndEmpty(parameter, item);
                }

                break;
        }
    }

    private static ParameterBindingException Empty(CommandParameter parameter, string id, string what) => new(
        $"ParameterArgumentValidationError{id}NotAllowed",
        ErrorCategory.InvalidData,
        parameter.Name,
        $"Cannot bind argument to parameter '{parameter.Name}' because it is {what}.");

    private static object? ConvertType(CommandParameter parameter, object? argument)
    {
        Type type = Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        object? value = PSObject.Unwrap(argument);
        bool isSwitch = type == typeof(SwitchParameter);
        bool takesTruth = value is bool or SwitchParameter || Plain(value) is IConvertible and not (string or DateTime);
        if ((isSwitch || type == typeof(bool)) && value is not null && !takesTruth)
        {
            throw Mismatch(parameter, value, "");
        }

        if (value is null)
        {
            return NullFor(parameter);
        }

        value = RefuseArray(parameter, type, value);

        try
        {
            bool isUntyped = type == typeof(object) || LanguagePrimitives.ElementTypeOf(type) == typeof(object);
            object? source = value is string ? value : isUntyped ? Plain(argument) : argument;
            return LanguagePrimitives.ConvertTo(source, parameter.Type);
        }
        catch (PSInvalidCastException error)
        {
            throw Cannot(parameter, error.Message, error);
        }
    }

    private static object? NullFor(CommandParameter parameter) =>
        parameter.Type.IsValueType && Nullable.GetUnderlyingType(parameter.Type) is null
            ? throw new ParameterBindingException(
                "ParameterBindingFailed",
                ErrorCategory.WriteError,
                parameter.Name,
                $"Cannot bind parameter '{parameter.Name}' to the target. Exception setting \"{parameter.Name}\": \"Cannot convert "
                + $"null to type \"{parameter.Type.FullName}\".\"")
            : null;

    // Several values are one only for an enumeration of flags.
    private static object RefuseArray(CommandParameter parameter, Type type, object value)
    {
        if (value is not object?[] items || type.IsInstanceOfType(value) || type.IsAssignableFrom(typeof(object[])))
        {
            return value;
        }

        if (type.IsEnum && type.IsDefined(typeof(FlagsAttribute)))
        {
            return string.Join(',', items.Select(item => LanguagePrimitives.ConvertTo<string>(item)));
        }

        bool isDeep = items.Any(item => item is Array);
        Type? elementType = LanguagePrimitives.ElementTypeOf(type);
        return elementType is null || (isDeep && !elementType.IsArray && elementType != typeof(object))
            ? throw Mismatch(parameter, value, " Specified method is not supported.")
            : value;
    }

    private static ParameterBindingException Mismatch(CommandParameter parameter, object value, string more) => new(
        "CannotConvertArgument",
        ErrorCategory.InvalidArgument,
        parameter.Name,
        $"Cannot convert '{value.GetType().FullName}' to the type '{parameter.Type.FullName}' required by parameter "
        + $"'{parameter.Name}'.{more}");

    private static ParameterBindingException Cannot(
        CommandParameter parameter, string reason, Exception? cause = null) => new(
        "CannotConvertArgumentNoMessage",
        ErrorCategory.InvalidArgument,
        parameter.Name,
        $"Cannot bind parameter '{parameter.Name}'. {reason}",
        cause);

    private void Validate(CommandParameter parameter, object? value)
    {
        foreach (ValidateArgumentsAttribute validator in parameter.Validators)
        {
            try
            {
                validator.InternalValidate(value, _engine);
            }
            catch (Exception error) when (error is MetadataException or TargetInvocationException)
            {
                throw new ParameterBindingException(
                    "ParameterArgumentValidationError",
                    ErrorCategory.InvalidData,
                    parameter.Name,
                    $"Cannot validate argument on parameter '{parameter.Name}'. {error.Message}",
                    error);
            }
        }
    }
}
