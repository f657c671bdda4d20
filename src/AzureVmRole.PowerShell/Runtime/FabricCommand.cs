using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on what this session is connected to; a session that is not, is connected to the local fabric when one runs.</summary>
public abstract class FabricCommand : AsyncCommand
{
    private FabricSession? _session;

    /// <summary>Notes whose session this is: the work runs on other threads. A job keeps the connection that there is now.</summary>
    protected override void BeginProcessing() => _session = IsForJob ? FabricSession.Current.Fork() : FabricSession.Current;

    /// <summary>Work that asks the service.</summary>
    /// <param name="target">The user's object that it is about.</param>
    /// <param name="work">What is asked of the connection.</param>
    private protected CommandWork Ask(string target, Func<FabricConnection, CancellationToken, Task> work) =>
        new(target, async token => await work(await ConnectedAsync(token).ConfigureAwait(false), token).ConfigureAwait(false));

    /// <summary>Work that writes what there is of each name, and everything when there are no names.</summary>
    /// <param name="names">The names, which may hold wildcards.</param>
    /// <param name="groupName">The resource group, as in <see cref="ResourceQuery"/>.</param>
    /// <param name="find">Finds them.</param>
    private protected IEnumerable<CommandWork> Find<T>(
        string[] names, string? groupName, Func<FabricConnection, ResourceQuery, CancellationToken, IAsyncEnumerable<T>> find)
        where T : notnull =>
        names.DefaultIfEmpty().Select(name => Ask(name ?? "*", async (connection, token) =>
        {
            await foreach (T found in find(connection, new ResourceQuery { Name = name, ResourceGroupName = groupName }, token).ConfigureAwait(false))
            {
                PostObject(found);
            }
        }));

    /// <summary>How operations of this command are waited for.</summary>
    private protected OperationOptions Waiting(bool noWait = false) => new() { NoWait = noWait, Progress = Progress, Log = Log };

    /// <summary>The connection that this session has, or one to the local fabric.</summary>
    /// <exception cref="FabricException">FabricUnreachable when there is neither.</exception>
    private protected async Task<FabricConnection> ConnectedAsync(CancellationToken cancellationToken)
    {
        if (_session?.Connection is { } connection)
        {
            return connection;
        }

        connection = await FabricConnection.ConnectLocalAsync(home: null, groupName: null, location: null, cancellationToken).ConfigureAwait(false);
        Log.WriteDecision($"Nobody has connected this session; it is connected to the local fabric of '{connection.State.HomePath}' now.");
        _session?.Replace(connection);
        return connection;
    }
}
