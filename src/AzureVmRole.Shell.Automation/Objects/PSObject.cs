using System.Collections.ObjectModel;
using System.Text;

namespace System.Management.Automation;

/// <summary>An object with properties added to it.</summary>
public sealed class PSObject
{
    private readonly PSPropertyCollection _properties;
    private readonly string? _text;
    private Collection<string>? _typeNames;

    /// <summary>Makes an object without properties.</summary>
    public PSObject()
        : this(new PSCustomObject())
    {
    }

    /// <summary>Makes an object that stands for another one.</summary>
    public PSObject(object obj)
    {
        BaseObject = obj is PSObject other ? other.BaseObject : obj;
        _properties = new PSPropertyCollection(BaseObject);
    }

    /// <summary>Makes an object that stands for a number and is written as it was typed.</summary>
    internal PSObject(object obj, string text)
        : this(obj)
    {
        _text = text;
    }

    /// <summary>The object it stands for.</summary>
    public object BaseObject { get; }

    /// <summary>The object it stands for.</summary>
    public object ImmediateBaseObject => BaseObject;

    /// <summary>The properties, those that were added included.</summary>
    public PSMemberInfoCollection<PSPropertyInfo> Properties => _properties;

    /// <summary>The names of the object's classes, the narrowest first.</summary>
    public Collection<string> TypeNames => _typeNames ??= NamesOf(BaseObject.GetType());

    /// <summary>Returns the object as a <see cref="PSObject"/>.</summary>
    public static PSObject AsPSObject(object obj) => obj as PSObject ?? new PSObject(obj);

    /// <inheritdoc/>
    public override string ToString() => _text is not null
        ? _text
        : BaseObject is PSCustomObject ? DescribeProperties() : LanguagePrimitives.ConvertTo<string>(BaseObject);

    /// <summary>Returns the object behind a <see cref="PSObject"/>; one with added properties only stays itself.</summary>
    internal static object? Unwrap(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;

    private static Collection<string> NamesOf(Type type)
    {
        Collection<string> names = [];
        for (Type? current = type; current is not null; current = current.BaseType)
        {
            names.Add(current.FullName ?? current.Name);
        }

        return names;
    }

    private string DescribeProperties()
    {
        StringBuilder text = new("@{");
        foreach (PSPropertyInfo property in _properties)
        {
            text.Append(text.Length > 2 ? "; " : "");
            text.Append(property.Name).Append('=').Append(LanguagePrimitives.ConvertTo<string>(property.Value));
        }

        return text.Append('}').ToString();
    }
}
