namespace System.Management.Automation.Host;

/// <summary>The host as one cmdlet sees it: what it says goes the way of its streams.</summary>
internal sealed class CommandHost(Cmdlet command) : PSHost
{
    public override PSHostUserInterface UI { get; } = new CommandInterface(command);

    private sealed class CommandInterface(Cmdlet command) : PSHostUserInterface
    {
        public override void WriteWarningLine(string message) => command.WriteWarning(message);
    }
}
