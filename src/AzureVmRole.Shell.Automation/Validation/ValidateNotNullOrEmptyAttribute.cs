namespace System.Management.Automation;

/// <summary>Refuses null, empty strings and collections, and collections that hold either.</summary>
public sealed class ValidateNotNullOrEmptyAttribute : NullValidationAttributeBase
{
    /// <inheritdoc/>
    protected override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null or "")
        {
            throw new ValidationMetadataException(
                "The argument is null or empty. Provide an argument that is not null or empty, and then try the command again.");
        }

        if (LanguagePrimitives.GetEnumerable(arguments) is not { } elements)
        {
            return;
        }

        bool any = false;
        foreach (object? element in elements)
        {
            any = true;
            if (element is null or "")
            {
                throw new ValidationMetadataException(NullElement);
            }
        }

        if (!any)
        {
            throw new ValidationMetadataException(NullElement);
        }
    }
}
