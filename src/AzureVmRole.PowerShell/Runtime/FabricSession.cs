using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>What one runspace is connected to. Runspaces of one process do not see each other's.</summary>
internal sealed class FabricSession
{
    private static readonly ConditionalWeakTable<object, FabricSession> Sessions = [];
    private static readonly object NoRunspace = new();

    private readonly Lock _lock = new();
    private FabricConnection? _connection;

    /// <summary>That of the runspace whose pipeline thread this is.</summary>
    public static FabricSession Current => Sessions.GetOrCreateValue((object?)Runspace.DefaultRunspace ?? NoRunspace);

    /// <summary>The connection, to the fabric as it is now; null for none.</summary>
    /// <exception cref="FabricException">The fabric was started again, and cannot be connected as before.</exception>
    public FabricConnection? Connection
    {
        get
        {
            lock (_lock)
            {
                return _connection = _connection?.Renewed();
            }
        }
    }

    /// <summary>The connection as a list: of one, or of none.</summary>
    public IReadOnlyList<FabricConnection> Connections => Connection is { } connection ? [connection] : [];

    /// <summary>One with the same connection that goes its own way: what happens to this one later does not concern it, nor the other way round.</summary>
    public FabricSession Fork()
    {
        lock (_lock)
        {
            return new FabricSession { _connection = _connection };
        }
    }

    /// <summary>Puts a connection in the place of the one before. Commands that still use that keep working, so nobody disposes it.</summary>
    public void Replace(FabricConnection? connection)
    {
        lock (_lock)
        {
            _connection = connection;
        }
    }
}
