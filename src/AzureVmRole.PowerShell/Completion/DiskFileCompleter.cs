using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes file names, but only of disks, and folders on the way to them.</summary>
public sealed class DiskFileCompleter : IArgumentCompleter
{
    private static readonly string[] Extensions = [".vhd", ".avhd", ".vhdx", ".avhdx", ".qcow2", ".img", ".raw"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters) => CompletionCompleters.CompleteFilename(wordToComplete).Where(IsDiskOrFolder);

    private static bool IsDiskOrFolder(CompletionResult result) =>
        result.ResultType == CompletionResultType.ProviderContainer
        || Extensions.Contains(Path.GetExtension(result.ListItemText), StringComparer.OrdinalIgnoreCase);
}
