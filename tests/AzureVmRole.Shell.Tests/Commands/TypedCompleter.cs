using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Offers what it was told: the parameter, the word, and the values typed before.</summary>
public sealed class TypedCompleter : IArgumentCompleter
{
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        fakeBoundParameters.Keys.Cast<string>().Order(StringComparer.Ordinal)
            .Select(key => $"{key}={fakeBoundParameters[key]}")
            .Prepend($"{parameterName}:{wordToComplete}")
            .Select(text => new CompletionResult(text));
}
