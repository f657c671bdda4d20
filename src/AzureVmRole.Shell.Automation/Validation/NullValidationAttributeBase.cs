namespace System.Management.Automation;

/// <summary>Base of the attributes that refuse null.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class NullValidationAttributeBase : ValidateArgumentsAttribute
{
    private protected const string NullElement =
        "The argument is null, empty, or an element of the argument collection contains a null value. "
        + "Supply a collection that does not contain any null values and then try the command again.";
}
