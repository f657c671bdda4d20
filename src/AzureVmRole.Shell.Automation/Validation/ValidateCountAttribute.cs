using System.Collections;

namespace System.Management.Automation;

/// <summary>Checks the number of elements of a collection.</summary>
public sealed class ValidateCountAttribute : ValidateArgumentsAttribute
{
    /// <summary>Allows <paramref name="minLength"/> to <paramref name="maxLength"/> elements.</summary>
    public ValidateCountAttribute(int minLength, int maxLength)
    {
        MinLength = minLength;
        MaxLength = maxLength;
    }

    /// <summary>The smallest allowed number.</summary>
    public int MinLength { get; }

    /// <summary>The largest allowed number.</summary>
    public int MaxLength { get; }

    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        int count = arguments is ICollection collection ? collection.Count : arguments is null ? 0 : 1;
        if (count < MinLength || count > MaxLength)
        {
            throw new ValidationMetadataException(
                $"The parameter requires at least {MinLength} value(s) and no more than {MaxLength} value(s) - "
                + $"{count} value(s) were provided.");
        }
    }
}
