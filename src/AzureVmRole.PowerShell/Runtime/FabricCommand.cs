using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on what this session is connected to; a session that is not, is connected to the local fabric when one runs.</summary>
public abstract class FabricCommand : AsyncCommand
{
    private FabricSession? _session;

    /// <summary>Notes whose session this is: the work runs on other threads.</summary>
    protected override void BeginProcessing() => _session = FabricSession.Current;

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

    /// <summary>How operations of this command are waited for.</summary>
    private protected OperationOptions Waiting(bool noWait = false) => new() { NoWait = noWait, Progress = Progress, Log = Log };
}
