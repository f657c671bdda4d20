using System.Management.Automation;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Registers a VHD as an image.</summary>
[Cmdlet(VerbsCommon.Add, "VMImage", SupportsShouldProcess = true)]
[OutputType(typeof(VMImage))]
public sealed class AddVMImageCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string ImageName { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string MediaLocation { get; set; } = "";

    [Parameter(Mandatory = true, Position = 2)]
    public OSKind OS { get; set; }

    [Parameter]
    public OSState OSState { get; set; } = OSState.Generalized;

    [Parameter]
    [Alias("HyperVGeneration")]
    [ValidateSet(nameof(DiskGeneration.Gen1), nameof(DiskGeneration.Gen2))]
    public DiskGeneration Generation { get; set; } = DiskGeneration.Gen1;

    [Parameter]
    public HostCaching HostCaching { get; set; } = HostCaching.ReadWrite;

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Description { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Label { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LocationCompleter))]
    public string? Location { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new VMImageOptions
        {
            ImageName = ImageName,
            MediaLocation = MediaLocation,
            OS = OS,
            Label = Label,
            OSState = OSState,
            Generation = Generation,
            HostCaching = HostCaching,
            Description = Description,
            ResourceGroupName = ResourceGroupName,
            Location = Location,
        };
        if (ShouldProcess($"'{AddressText.Show(MediaLocation)}' -> '{ImageName}'", "Register as image"))
        {
            yield return Ask(ImageName, async (connection, token) =>
                PostObject(await VMImages.AddAsync(connection, options, Waiting(), token).ConfigureAwait(false)));
        }
    }
}
