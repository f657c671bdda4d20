using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>A command on the object of an instance: the service is not asked. Update-VMInstance makes what it notes.</summary>
public abstract class VMInstanceCommand : AsyncCommand
{
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Alias("VM")]
    [ValidateNotNull]
    public VMInstance? VMInstance { get; set; }

    /// <summary>Notes a change, and gives the instance on.</summary>
    private protected void Note(VMInstance instance, VMChange change)
    {
        if (ShouldProcess($"'{instance.Name}'", $"Note for Update-VMInstance: {change}"))
        {
            instance.Apply(change);
        }

        WriteObject(instance);
    }
}
