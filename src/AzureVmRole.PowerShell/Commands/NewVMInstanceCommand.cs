using System.Management.Automation;
using AzureVmRole.Engine.Compute.Instances;
using AzureVmRole.PowerShell.Completion;
using AzureVmRole.PowerShell.Runtime;
using System.Net;
using System.Security;
using System.Text;

namespace AzureVmRole.PowerShell.Commands;

/// <summary>Makes an instance from an image, or from an existing disk.</summary>
[Cmdlet(VerbsCommon.New, "VMInstance", DefaultParameterSetName = ImageSet, SupportsShouldProcess = true)]
[OutputType(typeof(VMInstance))]
public sealed class NewVMInstanceCommand : FabricCommand
{
    private const string ImageSet = "Image";
    private const string DiskSet = "Disk";

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(ParameterSetName = ImageSet, Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMImageCompleter))]
    public string? ImageName { get; set; }

    [Parameter(ParameterSetName = DiskSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMDiskCompleter))]
    public string? DiskName { get; set; }

    [Parameter]
    [Alias("InstanceSize", "VMSize")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(VMSizeCompleter))]
    public string Size { get; set; } = "Standard_B1s";

    [Parameter]
    public HostCaching HostCaching { get; set; } = HostCaching.ReadWrite;

    [Parameter]
    public DiskControllerType? DiskControllerType { get; set; }

    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? AdminUserName { get; set; }

    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNull]
    public SecureString? AdminPassword { get; set; }

    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? SshPublicKey { get; set; }

    [Parameter(ParameterSetName = ImageSet)]
    [ValidateNotNullOrEmpty]
    public string? CustomData { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] NetworkInterfaceId { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceGroupCompleter))]
    public string? ResourceGroupName { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LocationCompleter))]
    public string? Location { get; set; }

    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override IEnumerable<CommandWork> PrepareRecord()
    {
        var options = new VMInstanceOptions
        {
            Name = Name,
            ImageName = ImageName,
            DiskName = DiskName,
            Size = Size,
            HostCaching = HostCaching,
            DiskControllerType = DiskControllerType,
            AdminUserName = AdminUserName,
            AdminPassword = AdminPassword is null ? null : new NetworkCredential("", AdminPassword).Password,
            SshPublicKey = SshPublicKey,
            CustomData = CustomData is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(CustomData)),
            NetworkInterfaceIds = NetworkInterfaceId,
            ResourceGroupName = ResourceGroupName,
            Location = Location,
        };
        if (ShouldProcess($"'{Name}'", $"Create an instance of size {Size} from '{ImageName ?? DiskName}'"))
        {
            yield return Ask(Name, async (connection, token) =>
            {
                VMInstance instance = await VMInstances.CreateAsync(connection, options, Waiting(NoWait), token).ConfigureAwait(false);
                Simulation.Warn(Log, instance);
                PostObject(instance);
            });
        }
    }
}
