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

    /// <summary>The connection; null for none.</summary>
    public FabricConnection? Connection
    {
        get
        {
            lock (_lock)
            {
                return _connection;
            }
        }
    }

    /// <summary>The connection as a list: of one, or of none.</summary>
    public IReadOnlyList<FabricConnection> Connections => Connection is { } connection ? [connection] : [];

    /// <summary>Puts a connection in the place of the one before.</summary>
    /// <returns>The one before; commands that still use it keep working, so nobody disposes it.</returns>
    public FabricConnection? Replace(FabricConnection? connection)
    {
        lock (_lock)
        {
            FabricConnection? before = _connection;
            _connection = connection;
            return before;
        }
    }
}
