namespace System.Management.Automation;

/// <summary>Checks that a value is one of a list.</summary>
public sealed class ValidateSetAttribute : ValidateEnumeratedArgumentsAttribute
{
    private readonly string[] _validValues;

    /// <summary>Allows the values of <paramref name="validValues"/>.</summary>
    public ValidateSetAttribute(params string[] validValues)
    {
        _validValues = validValues;
    }

    /// <summary>Whether case is ignored. True by default.</summary>
    public bool IgnoreCase { get; set; } = true;

    /// <summary>The allowed values.</summary>
    public IList<string> ValidValues => _validValues;

    /// <inheritdoc/>
    protected override void ValidateElement(object? element)
    {
        string text = LanguagePrimitives.ConvertTo<string>(element);
        StringComparison comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!Array.Exists(_validValues, value => string.Equals(value, text, comparison)))
        {
            string set = string.Join(",", _validValues);
            throw new ValidationMetadataException(
                $"The argument \"{text}\" does not belong to the set \"{set}\" specified by the ValidateSet attribute. "
                + "Supply an argument that is in the set and then try the command again.");
        }
    }
}
