using System.Reflection;

namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>Reads attributes as data: their classes cannot be instantiated from metadata.</summary>
internal static class AttributeReader
{
    public static CustomAttributeData? Find(IEnumerable<CustomAttributeData> attributes, string fullName) =>
        attributes.FirstOrDefault(attribute => attribute.AttributeType.FullName == fullName);

    public static IEnumerable<CustomAttributeData> FindAll(IEnumerable<CustomAttributeData> attributes, string fullName) =>
        attributes.Where(attribute => attribute.AttributeType.FullName == fullName);

    /// <summary>The value of a named argument, or <paramref name="otherwise"/> when it was not given.</summary>
    public static T Named<T>(CustomAttributeData attribute, string name, T otherwise)
    {
        foreach (CustomAttributeNamedArgument argument in attribute.NamedArguments)
        {
            if (argument.MemberName == name && argument.TypedValue.Value is T value)
            {
                return value;
            }
        }

        return otherwise;
    }

    /// <summary>The values of all positional arguments of one type, those in arrays among them.</summary>
    public static IEnumerable<T> Positional<T>(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.SelectMany(argument => Flatten(argument.Value)).OfType<T>();

    private static IEnumerable<object?> Flatten(object? value) =>
        value is IEnumerable<CustomAttributeTypedArgument> items ? items.SelectMany(item => Flatten(item.Value)) : [value];
}
