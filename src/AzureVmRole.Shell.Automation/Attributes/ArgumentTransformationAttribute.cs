using System.Management.Automation.Internal;

namespace System.Management.Automation;

/// <summary>Base of the attributes that change an argument before it is converted and validated.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ArgumentTransformationAttribute : CmdletMetadataAttribute
{
    /// <summary>Whether a null for an optional parameter is handed over too. True by default.</summary>
    public virtual bool TransformNullOptionalParameters => true;

    /// <summary>Returns what the parameter shall hold instead of <paramref name="inputData"/>.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">The argument cannot be changed as wanted.</exception>
    public abstract object? Transform(EngineIntrinsics engineIntrinsics, object? inputData);
}
