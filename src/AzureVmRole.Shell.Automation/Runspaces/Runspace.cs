namespace System.Management.Automation.Runspaces;

/// <summary>Where commands run. The shell has one.</summary>
public abstract class Runspace
{
    /// <summary>The runspace of this thread's pipeline: the shell's only one.</summary>
    public static Runspace? DefaultRunspace { get; set; } = new ShellRunspace();

    private sealed class ShellRunspace : Runspace;
}
