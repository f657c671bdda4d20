using System.Management.Automation;
using System.Reflection;

namespace AzureVmRole.Shell.Binding;

/// <summary>A parameter as its property's attributes describe it.</summary>
internal sealed class CommandParameter
{
    private readonly PropertyInfo _property;

    public CommandParameter(PropertyInfo property, ParameterOwner owner, Func<string, uint> setBit)
    {
        _property = property;
        Owner = owner;
        List<ParameterSetEntry> entries = [];
        List<ValidateArgumentsAttribute> validators = [];
        List<ArgumentTransformationAttribute> transformations = [];
        foreach (object attribute in property.GetCustomAttributes(inherit: true))
        {
            switch (attribute)
            {
                case ParameterAttribute parameter:
                    IsHidden |= parameter.DontShow;
                    entries.Add(EntryOf(parameter, setBit));
                    break;
                case AliasAttribute alias:
                    Aliases = alias.AliasNames;
                    break;
                case ValidateArgumentsAttribute validator:
                    validators.Add(validator);
                    break;
                case ArgumentTransformationAttribute transformation:
                    transformations.Add(transformation);
                    break;
                case ArgumentCompleterAttribute completer:
                    CompleterType = completer.Type;
                    break;
                case AllowNullAttribute:
                    AllowsNull = true;
                    break;
                case AllowEmptyStringAttribute:
                    AllowsEmptyString = true;
                    break;
                case AllowEmptyCollectionAttribute:
                    AllowsEmptyCollection = true;
                    break;
            }
        }

        Entries = entries;
        Validators = validators;
        Transformations = transformations;
        foreach (ParameterSetEntry entry in entries)
        {
            Sets |= entry.Sets;
        }
    }

    public string Name => _property.Name;

    public Type Type => _property.PropertyType;

    public ParameterOwner Owner { get; }

    public IReadOnlyList<ParameterSetEntry> Entries { get; }

    public IList<string> Aliases { get; } = [];

    public IReadOnlyList<ValidateArgumentsAttribute> Validators { get; }

    public IReadOnlyList<ArgumentTransformationAttribute> Transformations { get; }

    public Type? CompleterType { get; }

    public bool AllowsNull { get; }

    public bool AllowsEmptyString { get; }

    public bool AllowsEmptyCollection { get; }

    public bool IsHidden { get; }

    /// <summary>The bits of all sets that the parameter is in.</summary>
    public uint Sets { get; }

    public bool IsSwitch => Type == typeof(SwitchParameter) || Type == typeof(SwitchParameter?);

    public bool TakesPipelineInput(uint sets) => Any(sets, entry => entry.FromPipeline || entry.FromProperty);

    public bool IsMandatory(uint sets) => Any(sets, entry => entry.IsMandatory);

    public bool Any(uint sets, Func<ParameterSetEntry, bool> condition)
    {
        foreach (ParameterSetEntry entry in Entries)
        {
            if ((entry.Sets & sets) != 0 && condition(entry))
            {
                return true;
            }
        }

        return false;
    }

    public object? Read(object owner) => _property.GetValue(owner);

    public void Write(object owner, object? value) => _property.SetValue(owner, value);

    private static ParameterSetEntry EntryOf(ParameterAttribute attribute, Func<string, uint> setBit) => new(
        setBit(attribute.ParameterSetName),
        attribute.Position,
        attribute.Mandatory,
        attribute.ValueFromPipeline,
        attribute.ValueFromPipelineByPropertyName,
        attribute.ValueFromRemainingArguments);
}
