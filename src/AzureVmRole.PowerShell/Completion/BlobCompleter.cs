using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes the names of containers and blobs.</summary>
public sealed class BlobCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) => [];
}
