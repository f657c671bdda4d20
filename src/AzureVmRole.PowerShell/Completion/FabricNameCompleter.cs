using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Completion;

/// <summary>Completes names of what this session is connected to. A session that is not connected, or a service that does not answer in time, offers nothing.</summary>
public abstract class FabricNameCompleter : IArgumentCompleter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        FabricConnection? connection = FabricSession.Current.Connection;
        string word = wordToComplete.Trim('\'', '"');
        var query = new ResourceQuery { Name = word + "*", ResourceGroupName = fakeBoundParameters["ResourceGroupName"] as string };
        return connection is null
            ? []
            : Task.Run(() => ReadAsync(connection, query)).GetAwaiter().GetResult()
                .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, name));
    }

    /// <summary>The names of resources.</summary>
    private protected abstract IAsyncEnumerable<string> NamesAsync(FabricConnection connection, ResourceQuery query, CancellationToken cancellationToken);

    private async Task<List<string>> ReadAsync(FabricConnection connection, ResourceQuery query)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var names = new List<string>();
        try
        {
            await foreach (string name in NamesAsync(connection, query, patience.Token).ConfigureAwait(false))
            {
                names.Add(name);
            }
        }
        catch (Exception failure) when (failure is AzureVmRoleException or OperationCanceledException)
        {
            // Tab is no place for errors: the command will tell.
        }

        return names;
    }
}
