using System.Management.Automation;
using AzureVmRole.Engine.Compute.Capture;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Captures a stopped instance as an image.</summary>
[Cmdlet(VerbsData.Save, "VMImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(VMImage))]
public sealed class SaveVMImageCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMInstanceCompleter))]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    [Alias("NewImageName")]
    [ValidateNotNullOrEmpty]
    public string ImageName { get; set; } = "";

    [Parameter(Position = 2)]
    [Alias("NewImageLabel", "Label")]
    [ValidateNotNullOrEmpty]
    public string? ImageLabel { get; set; }

    [Parameter(Mandatory = true, Position = 3)]
    public OSState OSState { get; set; }

    [Parameter]
    public SwitchParameter KeepVMInstance { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new CaptureOptions
        {
            Name = Name,
            ImageName = ImageName,
            OSState = OSState,
            Label = ImageLabel,
            KeepInstance = KeepVMInstance,
            ResourceGroupName = ResourceGroupName,
        };
        string action = $"Capture as image '{ImageName}'" + (KeepVMInstance ? "" : ", and remove the instance");
        if (ShouldProcess($"'{Name}'", action))
        {
            yield return Ask(Name, async (connection, token) =>
                PostObject(await ImageCapture.RunAsync(connection, options, Waiting(), token).ConfigureAwait(false)));
        }
    }
}
