namespace System.Management.Automation;

/// <summary>Checks the length of a string, in characters.</summary>
public sealed class ValidateLengthAttribute : ValidateEnumeratedArgumentsAttribute
{
    /// <summary>Allows <paramref name="minLength"/> to <paramref name="maxLength"/> characters.</summary>
    public ValidateLengthAttribute(int minLength, int maxLength)
    {
        MinLength = minLength;
        MaxLength = maxLength;
    }

    /// <summary>The smallest allowed length.</summary>
    public int MinLength { get; }

    /// <summary>The largest allowed length.</summary>
    public int MaxLength { get; }

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        if (element is not string text)
        {
            throw new ValidationMetadataException("The argument is not a string: its length cannot be checked.");
        }

        if (text.Length < MinLength)
        {
            throw new ValidationMetadataException(
                $"The character length ({text.Length}) of the argument is too short. Specify an argument with a length "
                + $"that is greater than or equal to \"{MinLength}\", and then try the command again.");
        }

        if (text.Length > MaxLength)
        {
            throw new ValidationMetadataException(
                $"The character length of the {text.Length} argument is too long. Shorten the character length of the "
                + $"argument so it is fewer than or equal to \"{MaxLength}\" characters, and then try the command again.");
        }
    }
}
