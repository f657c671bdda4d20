using System.Management.Automation;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Removes the registration of an image.</summary>
[Cmdlet(VerbsCommon.Remove, "VMImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMImage))]
public sealed class RemoveVMImageCommand : RegistrationRemovalCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string ImageName { get; set; } = "";

    private protected override string Target => ImageName;

    private protected override Task RemoveAsync(FabricConnection connection, CancellationToken cancellationToken) =>
        VMImages.RemoveAsync(connection, ResourceGroupName, ImageName, DeleteVhd, Waiting(NoWait), cancellationToken);
}
