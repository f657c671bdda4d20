using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Base of the attributes that check an argument.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValidateArgumentsAttribute : CmdletMetadataAttribute
{
    /// <summary>Checks a converted argument.</summary>
    /// <exception cref="ValidationMetadataException">The argument does not pass.</exception>
    protected abstract void Validate(object? arguments, EngineIntrinsics engineIntrinsics);

    internal void InternalValidate(object? arguments, EngineIntrinsics engineIntrinsics) =>
        Validate(arguments, engineIntrinsics);
}
