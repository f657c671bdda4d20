using System.Collections;
using System.Collections.ObjectModel;

namespace System.Management.Automation;

public static partial class LanguagePrimitives
{
    private static readonly Type[] ListInterfaces = [typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>)];

    /// <summary>Returns the type of the elements of an array or list type; null for all others.</summary>
    internal static Type? ElementTypeOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        if (!type.IsGenericType)
        {
            return type == typeof(Array) || type == typeof(IList) || type == typeof(ArrayList) ? typeof(object) : null;
        }

        Type definition = type.GetGenericTypeDefinition();
        bool isList = definition == typeof(List<>)
            || definition == typeof(Collection<>)
            || Array.IndexOf(ListInterfaces, definition) >= 0;
        return isList ? type.GetGenericArguments()[0] : null;
    }

    private static object ToCollection(object value, Type type, Type elementType)
    {
        List<object?> converted = [];
        if (GetEnumerable(value) is { } elements)
        {
            foreach (object? element in elements)
            {
                converted.Add(ConvertTo(element, elementType));
            }
        }
        else
        {
            converted.Add(ConvertTo(value, elementType));
        }

        if (!type.IsArray && !type.IsInterface && type != typeof(Array))
        {
            var list = (IList)(Activator.CreateInstance(type)
                ?? throw Failed(value, type, "The list type has no constructor without arguments."));
            converted.ForEach(item => list.Add(item));
            return list;
        }

        var array = Array.CreateInstance(elementType, converted.Count);
        for (int index = 0; index < converted.Count; index++)
        {
            array.SetValue(converted[index], index);
        }

        return array;
    }
}
