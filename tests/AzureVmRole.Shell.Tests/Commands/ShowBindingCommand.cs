using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Base of cmdlets that write the parameter set and the arguments that they were given.</summary>
public abstract class ShowBindingCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        IEnumerable<string> arguments = MyInvocation.BoundParameters
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={Describe(pair.Value)}");
        WriteObject($"{ParameterSetName}: {string.Join("; ", arguments)}");
    }

    private static string Describe(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        PSObject wrapper => Describe(wrapper.BaseObject),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
