using System.Management.Automation;

namespace AzureVmRole.Shell.Commands;

/// <summary>Base of the shell's own commands that look at the other commands.</summary>
public abstract class CommandAwareCmdlet : PSCmdlet
{
    internal CommandTable Commands { get; set; } = new();
}
