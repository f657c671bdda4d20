using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Disks;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Images;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using Xunit;
using static AzureVmRole.Fabric.Tests.TestParts;

namespace AzureVmRole.Fabric.Tests.Disks;

/// <summary>Images, disks and snapshots without a loop: a test asks, and has the controllers look when it wants.</summary>
internal sealed class DiskRoom : IAsyncDisposable
{
    private readonly Dictionary<ResourceType, (IResourceRequests Requests, IResourceController Controller)> _types;

    public DiskRoom()
    {
        Test.MakeGroup();
        FabricParts parts = Test.Parts;
        _types = new Dictionary<ResourceType, (IResourceRequests Requests, IResourceController Controller)>
        {
            [ResourceType.Disks] = (new DiskRequests(ResourceType.Disks, parts), new DiskController(ResourceType.Disks, parts)),
            [ResourceType.Snapshots] = (new DiskRequests(ResourceType.Snapshots, parts), new DiskController(ResourceType.Snapshots, parts)),
            [ResourceType.Images] = (new ImageRequests(parts), new ImageController(parts)),
        };
    }

    public TestParts Test { get; } = new();

    public LocationMedia Here => Test.Parts.Media.Of("local1");

    public LocationMedia There => Test.Parts.Media.Of("local2");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IResourceRequests Requests(ResourceType type) => _types[type].Requests;

    public Task<Acceptance> AskAsync(ResourceId id, string json, RequestContext? context = null) =>
        _types[id.Type].Requests.PutAsync(id, Json(json), context ?? NoContext, Token);

    public Task<Acceptance> PatchAsync(ResourceId id, string json) => _types[id.Type].Requests.PatchAsync(id, Json(json), NoContext, Token);

    public Task<Acceptance> ActAsync(ResourceId id, string action, string json) => _types[id.Type].Requests.ActAsync(id, action, Json(json), NoContext, Token);

    public Task<Acceptance> DeleteAsync(ResourceId id, string? deleteVhd = null) => _types[id.Type].Requests.DeleteAsync(
        id, deleteVhd is null ? NoContext : new RequestContext { Query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["deleteVhd"] = deleteVhd } }, Token);

    /// <summary>Has the controller look, and gives the operation as it is then.</summary>
    public async Task<Operation?> LookAsync(ResourceId id, string? operationId)
    {
        await _types[id.Type].Controller.ReconcileAsync(id, Token);
        return operationId is null ? null : Test.Parts.Operations.Find(operationId);
    }

    /// <summary>Asks and has it done.</summary>
    /// <returns>The answer to a GET.</returns>
    public async Task<JsonObject> MakeAsync(ResourceId id, string json)
    {
        Acceptance accepted = await AskAsync(id, json);
        Operation? operation = await LookAsync(id, accepted.OperationId);
        Assert.True(operation?.Status == OperationStatus.Succeeded, operation?.ErrorMessage);
        return Read(id);
    }

    public JsonObject Read(ResourceId id) => _types[id.Type].Requests.Read(id, NoContext);

    public async Task<FabricException> RefusedAsync(ResourceId id, string json) => await Assert.ThrowsAsync<FabricException>(() => AskAsync(id, json));

    public Resource Find(ResourceId id) => Test.Find(id) ?? throw new InvalidOperationException($"There is no {id}.");

    public string BlobOf(ResourceId id) => MediaDocument.BlobOf(Find(id)) ?? throw new InvalidOperationException($"{id} has no blob.");

    /// <summary>Changes a row as the controllers of other types do.</summary>
    public void Change(ResourceId id, Action<JsonObject, JsonObject> change)
    {
        Resource found = Find(id);
        var desired = (JsonObject)found.Desired.DeepClone();
        var observed = (JsonObject)found.Observed.DeepClone();
        change(desired, observed);
        Test.Save(found with { Desired = desired, Observed = observed });
    }

    /// <summary>A virtual machine as its own controller would leave it.</summary>
    public ResourceId MakeMachine(string name, ResourceId osDisk, string power, bool isGeneralized = false, params (int Lun, ResourceId Id)[] dataDisks)
    {
        ResourceId id = Id(ResourceType.VirtualMachines, name);
        var disks = new JsonArray([.. dataDisks.Select(disk => new JsonObject
        {
            ["lun"] = disk.Lun, ["caching"] = "None", ["managedDisk"] = new JsonObject { ["id"] = disk.Id.Text },
        })]);
        Test.Save(Resource(id, ProvisioningState.Succeeded) with
        {
            Desired = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    ["storageProfile"] = new JsonObject
                    {
                        ["osDisk"] = new JsonObject { ["osType"] = "Linux", ["caching"] = "ReadWrite", ["managedDisk"] = new JsonObject { ["id"] = osDisk.Text } },
                        ["dataDisks"] = disks,
                    },
                },
                ["fabric"] = new JsonObject { ["power"] = power, ["generalized"] = isGeneralized },
            },
            Observed = new JsonObject { ["power"] = power },
        });
        Change(osDisk, (desired, _) => desired["properties"]!["managedBy"] = id.Text);
        return id;
    }

    public async ValueTask DisposeAsync() => await Test.DisposeAsync();
}
