namespace System.Management.Automation.Internal;

/// <summary>Base of all commands.</summary>
public abstract class InternalCommand
{
    private protected InternalCommand()
    {
    }
}
