using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Disks;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.FrontEnd.Groups;
using AzureVmRole.Fabric.Images;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;

namespace AzureVmRole.Fabric;

/// <summary>The types of resources that a fabric has: what can be asked of each, and what brings it about.</summary>
internal sealed class FabricTypes
{
    private readonly Dictionary<ResourceType, IResourceRequests> _requests = [];
    private readonly List<IResourceController> _controllers = [];

    /// <summary>Makes every type. A new one is one line here.</summary>
    public FabricTypes(FabricParts parts)
    {
        Groups = new GroupController(parts, _requests);
        (IResourceRequests Requests, IResourceController Controller)[] types =
        [
            (new GroupRequests(parts), Groups),
            (new ImageRequests(parts), new ImageController(parts)),
            (new DiskRequests(ResourceType.Disks, parts), new DiskController(ResourceType.Disks, parts)),
            (new DiskRequests(ResourceType.Snapshots, parts), new DiskController(ResourceType.Snapshots, parts)),
            (new VmRequests(parts), new VmController(parts)),
        ];
        foreach ((IResourceRequests requests, IResourceController controller) in types)
        {
            _requests.Add(requests.Type, requests);
            _controllers.Add(controller);
        }
    }

    public IReadOnlyDictionary<ResourceType, IResourceRequests> Requests => _requests;

    public IReadOnlyList<IResourceController> Controllers => _controllers;

    public GroupController Groups { get; }
}
