using System.Reflection;

namespace AzureVmRole.HelpBuilder.Metadata;

/// <summary>Reads what a cmdlet's class and its properties declare.</summary>
internal static class CmdletReader
{
    private const string Namespace = "System.Management.Automation.";
    private const int Named = int.MinValue;

    public static CmdletEntry Read(Type type, CustomAttributeData cmdlet)
    {
        string[] names = [.. AttributeReader.Positional<string>(cmdlet)];
        IReadOnlyList<ParameterEntry> parameters = ReadParameters(type);
        return new CmdletEntry
        {
            Verb = names[0],
            Noun = names[1],
            Parameters = parameters,
            SetNames = SetNames(parameters, AttributeReader.Named(cmdlet, "DefaultParameterSetName", "")),
            SupportsShouldProcess = AttributeReader.Named(cmdlet, "SupportsShouldProcess", false),
            OutputTypes =
            [
                .. AttributeReader.FindAll(type.GetCustomAttributesData(), Namespace + "OutputTypeAttribute")
                    .SelectMany(AttributeReader.Positional<Type>)
                    .Select(output => output.FullName ?? output.Name)
                    .Distinct(StringComparer.Ordinal),
            ],
        };
    }

    private static List<ParameterEntry> ReadParameters(Type type)
    {
        List<ParameterEntry> parameters = [];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            IList<CustomAttributeData> attributes = property.GetCustomAttributesData();
            ParameterSetEntry[] sets =
            [
                .. AttributeReader.FindAll(attributes, Namespace + "ParameterAttribute").Select(ReadSet),
            ];
            if (sets.Length > 0)
            {
                parameters.Add(ReadParameter(property, attributes, sets));
            }
        }

        return parameters;
    }

    private static ParameterEntry ReadParameter(
        PropertyInfo property, IList<CustomAttributeData> attributes, ParameterSetEntry[] sets)
    {
        Type type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition().FullName == "System.Nullable`1")
        {
            type = type.GetGenericArguments()[0];
        }

        CustomAttributeData? validateSet = AttributeReader.Find(attributes, Namespace + "ValidateSetAttribute");
        CustomAttributeData? alias = AttributeReader.Find(attributes, Namespace + "AliasAttribute");
        Type element = type.IsArray ? type.GetElementType() ?? type : type;
        return new ParameterEntry
        {
            Name = property.Name,
            TypeName = type.Name,
            FullTypeName = type.FullName ?? type.Name,
            IsSwitch = type.FullName == Namespace + "SwitchParameter",
            SupportsWildcards = AttributeReader.Find(attributes, Namespace + "SupportsWildcardsAttribute") is not null,
            Aliases = alias is null ? [] : [.. AttributeReader.Positional<string>(alias)],
            Values = validateSet is not null ? [.. AttributeReader.Positional<string>(validateSet)]
                : element.IsEnum ? element.GetEnumNames() : [],
            Sets = sets,
        };
    }

    private static ParameterSetEntry ReadSet(CustomAttributeData attribute)
    {
        int position = AttributeReader.Named(attribute, "Position", Named);
        return new ParameterSetEntry
        {
            SetName = AttributeReader.Named(attribute, "ParameterSetName", ParameterSetEntry.AllSets),
            IsMandatory = AttributeReader.Named(attribute, "Mandatory", false),
            Position = position == Named ? null : position,
            FromPipeline = AttributeReader.Named(attribute, "ValueFromPipeline", false),
            FromPipelineByPropertyName = AttributeReader.Named(attribute, "ValueFromPipelineByPropertyName", false),
        };
    }

    private static string[] SetNames(IEnumerable<ParameterEntry> parameters, string defaultSet)
    {
        string[] named =
        [
            .. parameters.SelectMany(parameter => parameter.Sets)
                .Where(set => !set.IsForAllSets)
                .Select(set => set.SetName)
                .Prepend(defaultSet)
                .Where(name => name.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
        return named.Length > 0 ? named : [ParameterSetEntry.AllSets];
    }
}
