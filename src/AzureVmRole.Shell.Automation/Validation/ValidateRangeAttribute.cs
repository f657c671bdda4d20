namespace System.Management.Automation;

/// <summary>Checks that a value lies between two others, both included.</summary>
public sealed class ValidateRangeAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Allows <paramref name="minRange"/> to <paramref name="maxRange"/>.</summary>
    public ValidateRangeAttribute(object minRange, object maxRange)
    {
        MinRange = minRange;
        MaxRange = maxRange;
    }

    /// <summary>The smallest allowed value.</summary>
    public object MinRange { get; }

    /// <summary>The largest allowed value.</summary>
    public object MaxRange { get; }

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        if (Compare(element, MinRange) < 0)
        {
            throw new ValidationMetadataException(
                $"The {element} argument is less than the minimum allowed range of {MinRange}. "
                + $"Supply an argument that is greater than or equal to {MinRange} and then try the command again.");
        }

        if (Compare(element, MaxRange) > 0)
        {
            throw new ValidationMetadataException(
                $"The {element} argument is greater than the maximum allowed range of {MaxRange}. "
                + $"Supply an argument that is less than or equal to {MaxRange} and then try the command again.");
        }
    }

    private static int Compare(object? element, object limit)
    {
        if (element is not IComparable comparable)
        {
            throw new ValidationMetadataException(
                $"The argument of type {element?.GetType().FullName ?? "null"} cannot be compared with {limit}.");
        }

        return comparable.CompareTo(LanguagePrimitives.ConvertTo(limit, element.GetType()));
    }
}
