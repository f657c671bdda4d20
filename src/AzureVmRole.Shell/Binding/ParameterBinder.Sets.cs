using System.Management.Automation;
using System.Numerics;

namespace AzureVmRole.Shell.Binding;

internal sealed partial class ParameterBinder
{
    private void PublishSetName()
    {
        if (_cmdlet is PSCmdlet cmdlet)
        {
            cmdlet.SetParameterSetName(_description.NameOfSet(_sets));
        }
    }

    /// <summary>Narrows the sets that are left to one where what was typed decides it.</summary>
    private void ChooseSet(bool expectsInput)
    {
        uint open = _sets & _description.DefinedSets;
        if (BitOperations.PopCount(open) <= 1)
        {
            return;
        }

        if (expectsInput && TakesPipelineInput(open))
        {
            return;
        }

        if ((open & _description.DefaultSet) != 0)
        {
            _sets = _description.DefaultSet;
            return;
        }

        uint candidates = CompleteSets(open);
        _sets = BitOperations.PopCount(candidates) == 1 ? candidates : throw AmbiguousSet();
    }

    private uint CompleteSets(uint open)
    {
        uint complete = 0;
        for (uint bits = open; bits != 0; bits &= bits - 1)
        {
            uint set = bits & (~bits + 1);
            if (Missing(set, expectsInput: false).Count == 0)
            {
                complete |= set;
            }
        }

        return complete;
    }

    private bool TakesPipelineInput(uint sets)
    {
        foreach (CommandParameter parameter in _description.Parameters)
        {
            if (!_bound.Contains(parameter) && parameter.TakesPipelineInput(sets))
            {
                return true;
            }
        }

        return false;
    }

    private void RequireMandatory(bool expectsInput)
    {
        uint open = _sets & _description.DefinedSets;
        uint set = BitOperations.PopCount(open) > 1 ? open & _description.DefaultSet : _sets;
        List<string> missing = set == 0 || (expectsInput && BitOperations.PopCount(open) > 1)
            ? []
            : Missing(set, expectsInput);
        if (missing.Count > 0)
        {
            throw new ParameterBindingException(
                "MissingMandatoryParameter",
                ErrorCategory.InvalidArgument,
                missing[0],
                "Cannot process command because of one or more missing mandatory parameters: "
                + $"{string.Join(' ', missing)}.");
        }
    }

    private List<string> Missing(uint set, bool expectsInput)
    {
        List<string> missing = [];
        foreach (CommandParameter parameter in _description.Parameters)
        {
            bool mayCome = expectsInput && parameter.TakesPipelineInput(set);
            if (!_bound.Contains(parameter) && parameter.IsMandatory(set) && !mayCome)
            {
                missing.Add(parameter.Name);
            }
        }

        return missing;
    }
}
