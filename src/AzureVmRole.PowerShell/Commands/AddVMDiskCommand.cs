using System.Management.Automation;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Registers a VHD as a disk.</summary>
[Cmdlet(VerbsCommon.Add, "VMDisk", SupportsShouldProcess = true)]
[OutputType(typeof(VMDisk))]
public sealed class AddVMDiskCommand : FabricCommand
{
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    public string DiskName { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [Alias("Uri")]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string MediaLocation { get; set; } = "";

    [Parameter]
    public OSKind? OS { get; set; }

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
        var options = new VMDiskOptions
        {
            DiskName = DiskName,
            MediaLocation = MediaLocation,
            OS = OS,
            Label = Label,
            ResourceGroupName = ResourceGroupName,
            Location = Location,
        };
        if (ShouldProcess($"'{AddressText.Show(MediaLocation)}' -> '{DiskName}'", "Register as disk"))
        {
            yield return Ask(DiskName, async (connection, token) =>
                PostObject(await VMDisks.AddAsync(connection, options, Waiting(), token).ConfigureAwait(false)));
        }
    }
}
