namespace System.Management.Automation;

/// <summary>Base of the attributes that check every element of an argument.</summary>
public abstract class ValidateEnumeratedArgumentsAttribute : ValidateArgumentsAttribute
{
    /// <summary>Checks one element.</summary>
    /// <exception cref="ValidationMetadataException">The element does not pass.</exception>
    protected abstract void ValidateElement(object? element);

    /// <inheritdoc/>
    protected sealed override void Validate(object? arguments, EngineIntrinsics engineIntrinsics)
    {
        if (arguments is null)
        {
            throw new ValidationMetadataException(
                "The argument is null, empty, or an element of the argument collection contains a null value. "
                + "Supply a collection that does not contain any null values and then try the command again.");
        }

        if (LanguagePrimitives.GetEnumerable(arguments) is not { } elements)
        {
            ValidateElement(arguments);
            return;
        }

        foreach (object? element in elements)
        {
            ValidateElement(PSObject.Unwrap(element));
        }
    }
}
