namespace System.Management.Automation;

/// <summary>Names the class that completes a parameter's argument.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ArgumentCompleterAttribute : Attribute
{
    /// <summary>Names a class that implements <see cref="IArgumentCompleter"/>.</summary>
    public ArgumentCompleterAttribute(Type type)
    {
        Type = type;
    }

    /// <summary>The class.</summary>
    public Type Type { get; }
}
