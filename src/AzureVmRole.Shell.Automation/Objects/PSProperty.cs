using System.Reflection;

namespace System.Management.Automation;

/// <summary>A property of the object's class.</summary>
public sealed class PSProperty : PSPropertyInfo
{
    private readonly object _instance;
    private readonly PropertyInfo _property;

    internal PSProperty(object instance, PropertyInfo property)
        : base(property.Name)
    {
        _instance = instance;
        _property = property;
    }

    /// <inheritdoc/>
    public override object? Value
    {
        get
        {
            try
            {
                return _property.GetValue(_instance);
            }
            catch (TargetInvocationException)
            {
                // As PowerShell: a property that cannot be read shows as empty.
                return null;
            }
        }

        set => _property.SetValue(_instance, value);
    }

    /// <inheritdoc/>
    public override string TypeNameOfValue => _property.PropertyType.FullName ?? _property.PropertyType.Name;

    /// <inheritdoc/>
    public override bool IsGettable => true;

    /// <inheritdoc/>
    public override bool IsSettable => _property.SetMethod?.IsPublic == true;
}
