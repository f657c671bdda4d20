using System.Management.Automation;
using System.Reflection;

namespace AzureVmRole.Shell.Binding;

/// <summary>A parameter as its property's attributes describe it.</summary>
internal sealed class CommandParameter
{
    private readonly PropertyInfo _property;
    private readonly List<ParameterSetEntry> _entries = [];
    private readonly List<ValidateArgumentsAttribute> _validators = [];
    private readonly List<ArgumentTransformationAttribute> _transformations = [];

    public CommandParameter(PropertyInfo property, ParameterOwner owner, Func<string, uint> setBit)
    {
        _property = property;
        Owner = owner;
        foreach (object attribute in property.GetCustomAttributes(inherit: true))
        {
            if (attribute is ParameterAttribute parameter)
            {
                ParameterSetEntry entry = EntryOf(parameter, setBit);
                _entries.Add(entry);
                Sets |= entry.Sets;
                IsHidden |= parameter.DontShow;
            }
            else
            {
                Read(attribute);
            }
        }
    }

    public string Name => _property.Name;

    public Type Type => _property.PropertyType;

    public ParameterOwner Owner { get; }

    public IReadOnlyList<ParameterSetEntry> Entries => _entries;

    public IList<string> Aliases { get; private set; } = [];

    public IReadOnlyList<ValidateArgumentsAttribute> Validators => _validators;

    public IReadOnlyList<ArgumentTransformationAttribute> Transformations => _transformations;

    public Type? CompleterType { get; private set; }

    public bool AllowsNull { get; private set; }

    public bool AllowsEmptyString { get; private set; }

    public bool AllowsEmptyCollection { get; private set; }

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

    public object? ValueOn(object owner) => _property.GetValue(owner);

    public void Write(object owner, object? value) => _property.SetValue(owner, value);

    private void Read(object attribute)
    {
        switch (attribute)
        {
            case AliasAttribute alias:
                Aliases = alias.AliasNames;
                break;
            case ValidateArgumentsAttribute validator:
                _validators.Add(validator);
                break;
            case ArgumentTransformationAttribute transformation:
                _transformations.Add(transformation);
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

    private static ParameterSetEntry EntryOf(ParameterAttribute attribute, Func<string, uint> setBit) => new(
        setBit(attribute.ParameterSetName),
        attribute.Position,
        attribute.Mandatory,
        attribute.ValueFromPipeline,
        attribute.ValueFromPipelineByPropertyName,
        attribute.ValueFromRemainingArguments);
}
