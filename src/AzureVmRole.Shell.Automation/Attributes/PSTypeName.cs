namespace System.Management.Automation;

/// <summary>A type by name, which need not be loaded.</summary>
public sealed class PSTypeName
{
    /// <summary>Names a loaded type.</summary>
    public PSTypeName(Type type)
    {
        Type = type;
        Name = type.FullName ?? type.Name;
    }

    /// <summary>Names a type by its full name.</summary>
    public PSTypeName(string name)
    {
        Name = name;
        Type = Type.GetType(name, throwOnError: false);
    }

    /// <summary>The full name.</summary>
    public string Name { get; }

    /// <summary>The type; null when it is not loaded.</summary>
    public Type? Type { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
