namespace System.Management.Automation;

/// <summary>Refuses null, and collections that hold null.</summary>
public sealed class ValidateNotNullAttribute : NullValidationAttributeBase
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null)
        {
            throw new ValidationMetadataException(
                "The argument is null. Provide a valid value for the argument, and then try running the command again.");
        }

        if (LanguagePrimitives.GetEnumerable(arguments) is { } elements)
        {
            foreach (object? element in elements)
            {
                if (element is null)
                {
                    throw new ValidationMetadataException(NullElement);
                }
            }
        }
    }
}
