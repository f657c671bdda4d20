using System.Management.Automation;

namespace AzureVmRole.Shell.Binding;

internal sealed partial class ParameterBinder
{
    private readonly List<(CommandParameter Parameter, object? Value)> _fromPipeline = [];
    private uint? _setsOfCommandLine;

    /// <summary>Binds an object of the pipeline, in place of the one before.</summary>
    /// <exception cref="ParameterBindingException">
    /// No parameter takes it, or a mandatory parameter stays without an argument.
    /// </exception>
    public void BindPipelineObject(object? input)
    {
        _setsOfCommandLine ??= _sets;
        _sets = _setsOfCommandLine.Value;
        Restore();
        bool any = BindWhere(input, fromProperty: false, mustBeOfType: true);
        any |= BindWhere(input, fromProperty: true, mustBeOfType: true);
        any |= BindWhere(input, fromProperty: false, mustBeOfType: false);
        any |= BindWhere(input, fromProperty: true, mustBeOfType: false);
        if (!any)
        {
            throw new ParameterBindingException(
                "InputObjectNotBound",
                ErrorCategory.InvalidArgument,
                "",
                "The input object cannot be bound to any parameters for the command either because the command does not "
                + "take pipeline input or the input and its properties do not match any of the parameters that take "
                + "pipeline input.");
        }

        ChooseSet(expectsInput: false);
        List<string> missing = Missing(_sets, expectsInput: false);
        if (missing.Count > 0)
        {
            throw new ParameterBindingException(
                "InputObjectMissingMandatory",
                ErrorCategory.InvalidArgument,
                missing[0],
                "The input object cannot be bound because it did not contain the information required to bind all "
                + $"mandatory parameters:  {string.Join(' ', missing)}");
        }

        PublishSetName();
    }

    private void Restore()
    {
        foreach ((CommandParameter parameter, object? value) in _fromPipeline)
        {
            parameter.Write(OwnerOf(parameter), value);
            _bound.Remove(parameter);
            _invocation.BoundParameters.Remove(parameter.Name);
        }

        _fromPipeline.Clear();
    }

    private bool BindWhere(object? input, bool fromProperty, bool mustBeOfType)
    {
        uint preferred = _sets & _description.DefaultSet;
        bool any = preferred != 0 && BindInSets(input, preferred, fromProperty, mustBeOfType);
        return BindInSets(input, _sets, fromProperty, mustBeOfType) || any;
    }

    private bool BindInSets(object? input, uint sets, bool fromProperty, bool mustBeOfType)
    {
        bool any = false;
        foreach (CommandParameter parameter in _description.Parameters)
        {
            bool takes = !_bound.Contains(parameter)
                && (parameter.Sets & _sets) != 0
                && parameter.Any(sets, entry => fromProperty ? entry.FromProperty : entry.FromPipeline);
            if (!takes)
            {
                continue;
            }

            object? argument = input;
            if (fromProperty && !TryGetProperty(input, parameter, out argument))
            {
                continue;
            }

            any |= TryBindInput(parameter, argument, mustBeOfType);
        }

        return any;
    }

    private bool TryBindInput(CommandParameter parameter, object? argument, bool mustBeOfType)
    {
        if (mustBeOfType && !ArgumentConverter.IsOfType(parameter, argument))
        {
            return false;
        }

        object? previous = parameter.ValueOn(OwnerOf(parameter));
        try
        {
            Bind(parameter, argument);
        }
        catch (ParameterBindingException error) when (error.ErrorId.StartsWith("CannotConvert", StringComparison.Ordinal))
        {
            // An object that one parameter cannot take may be meant for another.
            return false;
        }

        _fromPipeline.Add((parameter, previous));
        return true;
    }

    private static bool TryGetProperty(object? input, CommandParameter parameter, out object? value)
    {
        value = null;
        if (input is null)
        {
            return false;
        }

        PSMemberInfoCollection<PSPropertyInfo> properties = PSObject.AsPSObject(input).Properties;
        PSPropertyInfo? property = properties[parameter.Name];
        foreach (string alias in parameter.Aliases)
        {
            property ??= properties[alias];
        }

        value = property?.Value;
        return property is not null;
    }
}
