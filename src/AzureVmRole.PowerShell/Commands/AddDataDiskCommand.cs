using System.Management.Automation;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Adds a data disk: a new empty one, an existing disk, or a VHD in storage.</summary>
[Cmdlet(VerbsCommon.Add, "DataDisk", DefaultParameterSetName = CreateNewSet, SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class AddDataDiskCommand : VMInstanceCommand
{
    private const string CreateNewSet = "CreateNew";
    private const string ImportSet = "Import";
    private const string ImportFromSet = "ImportFrom";

    [Parameter(ParameterSetName = CreateNewSet, Mandatory = true)]
    public SwitchParameter CreateNew { get; set; }

    [Parameter(ParameterSetName = ImportSet, Mandatory = true)]
    public SwitchParameter Import { get; set; }

    [Parameter(ParameterSetName = ImportFromSet, Mandatory = true)]
    public SwitchParameter ImportFrom { get; set; }

    [Parameter(ParameterSetName = CreateNewSet, Mandatory = true, Position = 0)]
    [ValidateRange(1, 32767)]
    public int DiskSizeInGB { get; set; }

    [Parameter(ParameterSetName = ImportSet, Mandatory = true, Position = 0)]
    [Parameter(ParameterSetName = CreateNewSet)]
    [Parameter(ParameterSetName = ImportFromSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMDiskCompleter))]
    public string? DiskName { get; set; }

    [Parameter(ParameterSetName = ImportFromSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [BlobAddress]
    [ArgumentCompleter(typeof(BlobCompleter))]
    public string? MediaLocation { get; set; }

    [Parameter]
    [ValidateRange(0, 63)]
    public int? LUN { get; set; }

    [Parameter(ParameterSetName = CreateNewSet)]
    [Parameter(ParameterSetName = ImportFromSet)]
    [ValidatePattern("^[A-Za-z0-9_-]{1,40}$")]
    public string? DiskLabel { get; set; }

    [Parameter]
    public HostCaching HostCaching { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        if (VMInstance is not { } instance)
        {
            return [];
        }

        int? lun = LUN ?? instance.FindFreeLun();
        Note(instance, new VMChange
        {
            Kind = VMChangeKind.AddDataDisk,
            Lun = lun,
            HostCaching = HostCaching,
            DiskName = DiskName ?? $"{instance.Name}-{DiskLabel ?? $"data{lun}"}",
            DiskLabel = DiskLabel,
            SizeInGB = CreateNew ? DiskSizeInGB : null,
            MediaLocation = ImportFrom ? MediaLocation : null,
        });
        return [];
    }
}
