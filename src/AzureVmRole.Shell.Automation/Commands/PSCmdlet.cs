using System.Collections.ObjectModel;
using System.Management.Automation.Host;

namespace System.Management.Automation;

/// <summary>A cmdlet that knows its session: paths, parameter set, how it was called.</summary>
public abstract class PSCmdlet : Cmdlet
{
    private InvocationInfo? _myInvocation;
    private SessionState? _sessionState;
    private PSHost? _host;

    /// <summary>The parameter set that the arguments chose.</summary>
    public string ParameterSetName { get; private set; } = ParameterAttribute.AllParameterSets;

    /// <summary>How the cmdlet was called.</summary>
    public InvocationInfo MyInvocation => _myInvocation ??= new InvocationInfo(new CmdletInfo(GetType().Name, GetType()));

    /// <summary>The program that the cmdlet runs in.</summary>
    public PSHost Host => _host ??= new CommandHost(this);

    /// <summary>The session's paths and locations.</summary>
    public SessionState SessionState => _sessionState ??= new SessionState();

    /// <summary>The session's jobs.</summary>
    /// <exception cref="PSNotSupportedException">Always: the built-in shell has none.</exception>
    public JobRepository JobRepository => throw new PSNotSupportedException(
        "This shell has no jobs, so -AsJob cannot be used: leave it out, or run the command in PowerShell.");

    /// <summary>Returns the current location of a provider; the built-in shell has only FileSystem.</summary>
    public PathInfo CurrentProviderLocation(string providerId) => SessionState.Path.CurrentProviderLocation(providerId);

    /// <summary>Returns the files and folders that a path with wildcards names.</summary>
    /// <exception cref="ItemNotFoundException">A path without wildcards names nothing.</exception>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider) =>
        SessionState.Path.GetResolvedProviderPathFromPSPath(path, out provider);

    /// <summary>Returns the absolute form of a path that need not exist; wildcards are taken literally.</summary>
    public string GetUnresolvedProviderPathFromPSPath(string path) =>
        SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    internal void SetSession(SessionState sessionState, InvocationInfo invocation)
    {
        _sessionState = sessionState;
        _myInvocation = invocation;
    }

    internal void SetParameterSetName(string name) => ParameterSetName = name;
}
