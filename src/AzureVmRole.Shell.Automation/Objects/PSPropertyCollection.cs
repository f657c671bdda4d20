using System.Reflection;

namespace System.Management.Automation;

/// <summary>The properties of an object's class, and those that were added.</summary>
internal sealed class PSPropertyCollection : PSMemberInfoCollection<PSPropertyInfo>
{
    private readonly object _baseObject;
    private readonly List<PSPropertyInfo> _added = [];

    public PSPropertyCollection(object baseObject)
    {
        _baseObject = baseObject;
    }

    public override PSPropertyInfo? this[string name] =>
        _added.Find(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? FindOfClass(name);

    public override void Add(PSPropertyInfo member)
    {
        if (this[member.Name] is not null)
        {
            throw new PSInvalidOperationException($"The member \"{member.Name}\" is already present.");
        }

        _added.Add(member);
    }

    public override void Remove(string name) =>
        _added.RemoveAll(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));

    public override IEnumerator<PSPropertyInfo> GetEnumerator()
    {
        foreach (PropertyInfo property in OfClass())
        {
            if (IsShown(property))
            {
                yield return new PSProperty(_baseObject, property);
            }
        }

        foreach (PSPropertyInfo property in _added)
        {
            yield return property;
        }
    }

    private static bool IsShown(PropertyInfo property) =>
        property.GetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0;

    private PSProperty? FindOfClass(string name)
    {
        PropertyInfo? property = Array.Find(
            OfClass(), item => string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase) && IsShown(item));
        return property is null ? null : new PSProperty(_baseObject, property);
    }

    private PropertyInfo[] OfClass() => _baseObject is PSCustomObject
        ? []
        : _baseObject.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
}
