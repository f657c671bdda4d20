using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AzureVmRole.Engine.Storage;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes containers and blobs of the store that the other parameters describe. A store that does not answer in time offers nothing.</summary>
public sealed class BlobCompleter : IArgumentCompleter
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" '\"`$,;|&(){}@#");

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        string? folder = TextOf(fakeBoundParameters, nameof(StorageCommand.StorePath));
        string? folderPath = folder is null ? HomeFolder.DefaultStorePath : FolderOf(folder);
        string? connectionString = TextOf(fakeBoundParameters, nameof(StorageCommand.ConnectionString));
        string word = wordToComplete.Trim('\'', '"');
        bool isUri = word.Contains("://", StringComparison.Ordinal);
        if (!isUri && connectionString is null && !Directory.Exists(folderPath))
        {
            // Opening a store makes it: not for a word that is half typed.
            return [];
        }

        var connection = new StoreConnection
        {
            ConnectionString = connectionString,
            AccountKey = TextOf(fakeBoundParameters, nameof(StorageCommand.StorageKey)),
            SharedAccessSignature = TextOf(fakeBoundParameters, nameof(StorageCommand.SasToken)),
            FolderPath = folderPath,
        };
        return Task.Run(() => BlobNames.CompleteAsync(word, connection, CancellationToken.None)).GetAwaiter().GetResult()
            .Select(address => new CompletionResult(Quote(address), address, CompletionResultType.ParameterValue, address));
    }

    // A completer knows no session: that of the file names does, and says where a folder is.
    private static string? FolderOf(string path) => Path.IsPathFullyQualified(path) ? path : CompletionCompleters
        .CompleteFilename(Path.TrimEndingDirectorySeparator(path))
        .Where(result => result.ResultType == CompletionResultType.ProviderContainer)
        .Where(result => result.ListItemText == Path.GetFileName(Path.TrimEndingDirectorySeparator(path)))
        .Select(result => result.ToolTip)
        .FirstOrDefault();

    private static string? TextOf(IDictionary parameters, string name) => parameters[name] is string { Length: > 0 } text ? text : null;

    private static string Quote(string address) => address.AsSpan().ContainsAny(NeedQuotes)
        ? "'" + address.Replace("'", "''", StringComparison.Ordinal) + "'"
        : address;
}
