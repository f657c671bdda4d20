using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>
/// Completes names of what this session is connected to, or of the local fabric when it is connected to nothing. A service that does not answer in time offers nothing.
/// </summary>
public abstract class FabricNameCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" '\"`$,;|&(){}@#");

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        FabricSession session = FabricSession.Current;
        var scope = new FabricNameScope(word, fakeBoundParameters["ResourceGroupName"] as string, fakeBoundParameters["Location"] as string);
        return Task.Run(() => ReadAsync(session, scope)).GetAwaiter().GetResult()
            .Select(name => new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The names of resources.</summary>
    private protected abstract IAsyncEnumerable<string> NamesAsync(FabricConnection connection, FabricNameScope scope, CancellationToken cancellationToken);

    private static string Quote(string name) => name.AsSpan().ContainsAny(NeedQuotes) ? "'" + name.Replace("'", "''", StringComparison.Ordinal) + "'" : name;

    private async Task<List<string>> ReadAsync(FabricSession session, FabricNameScope scope)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var names = new List<string>();
        FabricConnection? own = null;
        try
        {
            FabricConnection? connection = session.Connection ?? (own = FabricConnection.FindLocal());
            if (connection is not null)
            {
                await foreach (string name in NamesAsync(connection, scope, patience.Token).ConfigureAwait(false))
                {
                    if (name.StartsWith(scope.Word, StringComparison.OrdinalIgnoreCase))
                    {
                        names.Add(name);
                    }
                }
            }
        }
        catch (Exception failure) when (failure is AzureVmRoleException or OperationCanceledException)
        {
            // Tab is no place for errors: the command will tell.
        }
        finally
        {
            own?.Dispose();
        }

        return names;
    }
}
