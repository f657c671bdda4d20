using System.Management.Automation;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Makes the pending changes of an instance, all in one request.</summary>
[Cmdlet(VerbsData.Update, "VMInstance", SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class UpdateVMInstanceCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("VM")]
    [ValidateNotNull]
    public VMInstance? VMInstance { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (VMInstance is not { } instance)
        {
            yield break;
        }

        if (instance.PendingChanges.Count == 0)
        {
            WriteVerbose($"'{instance.Name}' has no pending changes.");
            WriteObject(instance);
            yield break;
        }

        string difference = string.Join("; ", instance.PendingChanges);
        if (ShouldProcess($"'{instance.Name}'", $"Update: {difference}"))
        {
            yield return Ask(instance.Name, async (connection, token) =>
                PostObject(await InstanceUpdate.RunAsync(connection, instance, Waiting(NoWait), token).ConfigureAwait(false)));
        }
    }
}
