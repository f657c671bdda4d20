using System.Collections;
using System.Management.Automation.Language;

namespace System.Management.Automation;

/// <summary>Completes a parameter's argument.</summary>
public interface IArgumentCompleter
{
    /// <summary>Returns what <paramref name="wordToComplete"/> may become.</summary>
    IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters);
}
