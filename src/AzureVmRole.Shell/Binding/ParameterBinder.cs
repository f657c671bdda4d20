using System.Management.Automation;
using System.Reflection;
using AzureVmRole.Shell.Parsing;

namespace AzureVmRole.Shell.Binding;

/// <summary>
/// Gives one command its arguments as PowerShell does: named ones, then positional ones, then what is left; and for
/// every object of the pipeline again those parameters that take it.
/// </summary>
internal sealed partial class ParameterBinder
{
    private readonly CommandDescription _description;
    private readonly Cmdlet _cmdlet;
    private readonly InvocationInfo _invocation;
    private readonly ArgumentConverter _converter;
    private readonly HashSet<CommandParameter> _bound = [];
    private uint _sets = CommandDescription.AllSets;

    public ParameterBinder(
        CommandDescription description, Cmdlet cmdlet, InvocationInfo invocation, SessionState sessionState)
    {
        _description = description;
        _cmdlet = cmdlet;
        _invocation = invocation;
        _converter = new ArgumentConverter(sessionState);
    }

    public CommonParameters Common { get; } = new();

    public ShouldProcessParameters ShouldProcess { get; } = new();

    /// <summary>Binds what was typed.</summary>
    /// <param name="elements">Parameters and arguments in the order typed.</param>
    /// <param name="expectsInput">Whether objects from the pipeline will follow.</param>
    /// <exception cref="ParameterBindingException">The arguments do not fit the parameters.</exception>
    public void BindCommandLine(IReadOnlyList<CommandElement> elements, bool expectsInput)
    {
        List<object?> unnamed = BindNamed(elements);
        BindPositional(unnamed);
        BindRemaining(unnamed);
        ChooseSet(expectsInput);
        RequireMandatory(expectsInput);
        PublishSetName();
    }

    private List<object?> BindNamed(IReadOnlyList<CommandElement> elements)
    {
        List<object?> unnamed = [];
        for (int index = 0; index < elements.Count; index++)
        {
            CommandElement element = elements[index];
            if (element.ParameterName is not { } name)
            {
                unnamed.Add(element.Value);
                continue;
            }

            CommandParameter parameter = _description.FindParameter(name);
            RefuseTwiceAndUnsupported(parameter);
            if (element.HasValue)
            {
                Bind(parameter, element.Value);
            }
            else if (parameter.IsSwitch)
            {
                Bind(parameter, argument: true);
            }
            else if (index + 1 < elements.Count && elements[index + 1].ParameterName is null)
            {
                Bind(parameter, elements[++index].Value);
            }
            else
            {
                throw Error(
                    "MissingArgument",
                    parameter,
                    $"Missing an argument for parameter '{parameter.Name}'. Specify a parameter of type "
                    + $"'{parameter.Type}' and try again.");
            }
        }

        return unnamed;
    }

    private void RefuseTwiceAndUnsupported(CommandParameter parameter)
    {
        if (_bound.Contains(parameter))
        {
            throw Error(
                "ParameterAlreadyBound",
                parameter,
                $"Cannot bind parameter because parameter '{parameter.Name}' is specified more than once. To provide "
                + "multiple values to parameters that can accept multiple values, use the array syntax. For example, "
                + "\"-parameter value1,value2,value3\".");
        }

        if (parameter.Owner == ParameterOwner.Common && CommonParameters.Refuses(parameter.Name))
        {
            throw Error(
                "ParameterNotSupported",
                parameter,
                $"azvmrole has no variables and so no parameter '{parameter.Name}'.");
        }
    }

    private void BindPositional(List<object?> unnamed)
    {
        int last = -1;
        while (unnamed.Count > 0 && NextPosition(last) is int position)
        {
            last = position;
            if (BindAtPosition(position, unnamed[0]))
            {
                unnamed.RemoveAt(0);
            }
        }
    }

    private int? NextPosition(int after)
    {
        int? next = null;
        foreach (CommandParameter parameter in _description.Parameters)
        {
            if (_bound.Contains(parameter))
            {
                continue;
            }

            foreach (ParameterSetEntry entry in parameter.Entries)
            {
                bool isOpen = (entry.Sets & _sets) != 0 && !entry.FromRemaining;
                if (isOpen && entry.Position > after && !(entry.Position >= next))
                {
                    next = entry.Position;
                }
            }
        }

        return next;
    }

    private bool BindAtPosition(int position, object? argument)
    {
        uint preferred = _sets & _description.DefaultSet;
        return BindFirst(position, preferred, argument, mustBeOfType: true)
            || BindFirst(position, _sets, argument, mustBeOfType: true)
            || BindFirst(position, preferred, argument, mustBeOfType: false)
            || BindFirst(position, _sets, argument, mustBeOfType: false);
    }

    private bool BindFirst(int position, uint sets, object? argument, bool mustBeOfType)
    {
        CommandParameter? parameter = _description.Parameters.FirstOrDefault(candidate =>
            !_bound.Contains(candidate)
            && candidate.Any(sets, entry => entry.Position == position && !entry.FromRemaining)
            && (!mustBeOfType || ArgumentConverter.IsOfType(candidate, argument)));
        if (parameter is null)
        {
            return false;
        }

        Bind(parameter, argument);
        return true;
    }

    private void BindRemaining(List<object?> unnamed)
    {
        if (unnamed.Count == 0)
        {
            return;
        }

        CommandParameter? parameter = _description.Parameters.FirstOrDefault(candidate =>
            !_bound.Contains(candidate) && candidate.Any(_sets, entry => entry.FromRemaining));
        if (parameter is null)
        {
            throw new ParameterBindingException(
                "PositionalParameterNotFound",
                ErrorCategory.InvalidArgument,
                "",
                "A positional parameter cannot be found that accepts argument "
                + $"'{LanguagePrimitives.ConvertTo<string>(unnamed[0])}'.");
        }

        Bind(parameter, unnamed.Count == 1 ? unnamed[0] : unnamed.ToArray());
    }

    private void Bind(CommandParameter parameter, object? argument)
    {
        uint narrowed = _sets & parameter.Sets;
        if (narrowed == 0)
        {
            throw AmbiguousSet();
        }

        Assign(parameter, argument);
        _sets = narrowed;
    }

    private void Assign(CommandParameter parameter, object? argument)
    {
        object? value = _converter.Convert(parameter, argument);
        object owner = OwnerOf(parameter);
        try
        {
            parameter.Write(owner, value);
        }
        catch (TargetInvocationException error)
        {
            throw Error(
                "ParameterBindingFailed",
                parameter,
                $"Cannot bind argument to parameter '{parameter.Name}'. {error.InnerException?.Message}");
        }

        _bound.Add(parameter);
        _invocation.BoundParameters[parameter.Name] = value;
    }

    private object OwnerOf(CommandParameter parameter) => parameter.Owner switch
    {
        ParameterOwner.Common => Common,
        ParameterOwner.ShouldProcess => ShouldProcess,
        _ => _cmdlet,
    };

    private static ParameterBindingException Error(string id, CommandParameter parameter, string message) =>
        new(id, ErrorCategory.InvalidArgument, parameter.Name, message);

    private static ParameterBindingException AmbiguousSet() => new(
        "AmbiguousParameterSet",
        ErrorCategory.InvalidArgument,
        "",
        "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued cannot "
        + "be used together or an insufficient number of parameters were provided.");
}
