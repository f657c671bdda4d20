using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;
using AzureVmRole.Fabric.VirtualMachines;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>A fabric that runs, with simulated hosts and real folder stores, a group <c>g</c> and a VHD to make images of.</summary>
internal sealed class VmFabric : IAsyncDisposable
{
    public const string SubscriptionId = "00000000-0000-0000-0000-00000000a23e";

    /// <summary>The length of the VHDs that are uploaded, the footer included.</summary>
    public const int VhdLength = (32 << 20) + 512;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly FabricDatabase _database;

    private VmFabric(TemporaryFolder folder, LocalFabric fabric)
    {
        _folder = folder;
        Fabric = fabric;
        _database = FabricDatabase.Open(fabric.Home.DatabasePath);
    }

    public LocalFabric Fabric { get; }

    public IResourceRequests Machines => Fabric.Requests[ResourceType.VirtualMachines];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<VmFabric> StartAsync(Func<FabricOptions, FabricOptions>? change = null)
    {
        var folder = new TemporaryFolder();
        var options = new FabricOptions { HomePath = folder.Path };
        LocalFabric fabric = await LocalFabric.OpenAsync(change?.Invoke(options) ?? options, TimeProvider.System, new RecordedLog(), Token);
        var started = new VmFabric(folder, fabric);
        await started.PutAsync(Id(ResourceType.ResourceGroups, "g"), new JsonObject { ["location"] = "local1" });
        await started.UploadAsync("vhds/master.vhd", contentState: null);
        return started;
    }

    /// <summary>Stops this fabric, and starts another one in its folder.</summary>
    public async Task<VmFabric> ReopenAsync()
    {
        FabricOptions options = Fabric.Options;
        _database.Dispose();
        await Fabric.DisposeAsync();
        return new VmFabric(_folder, await LocalFabric.OpenAsync(options, TimeProvider.System, new RecordedLog(), Token));
    }

    public static ResourceId Id(ResourceType type, string name) => new(SubscriptionId, "g", type, name);

    public static ResourceId Machine(string name) => Id(ResourceType.VirtualMachines, name);

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    public static RequestContext Query(params (string Name, string Value)[] query) => new()
    {
        Query = query.Length == 0
            ? ReadOnlyDictionary<string, string>.Empty
            : query.ToDictionary(item => item.Name, item => item.Value, StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>Writes a fixed VHD of 32 MiB, almost empty, into the store of local1.</summary>
    public async Task<Uri> UploadAsync(string blob, string? contentState)
    {
        byte[] bytes = new VhdImageBuilder(VhdLength - 512, VhdImageBuilder.Fixed) { Identifier = Guid.NewGuid() }.Write(4096, Enumerable.Repeat((byte)7, 512).ToArray()).ToArray();
        await using IBlobStore store = OpenStore();
        string[] parts = blob.Split('/', 2);
        var name = new BlobName(parts[0], parts[1]);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (contentState is not null)
        {
            metadata["azvmrole_osstate"] = contentState;
        }

        await store.CreateContainerAsync(name.Container, Token);
        await store.CreateAsync(name, bytes.Length, metadata, default, Token);
        await store.WritePagesAsync(name, 4096, bytes.AsMemory(4096, 512), default, Token);
        await store.WritePagesAsync(name, bytes.Length - 512, bytes.AsMemory(bytes.Length - 512), default, Token);
        return store.GetUri(name);
    }

    public IBlobStore OpenStore() => BlobStores.OpenStore(null, new StoreConnection { FolderPath = Fabric.Home.StorePath("local1") }, mayCreate: true);

    public async Task<BlobProperties?> FindBlobAsync(string blob)
    {
        await using IBlobStore store = OpenStore();
        string[] parts = blob.Split('/', 2);
        return await store.FindAsync(new BlobName(parts[0], parts[1]), null, Token);
    }

    /// <summary>Registers an image.</summary>
    public Task<Operation?> AddImageAsync(string name = "image", string osState = "Generalized", string blob = "vhds/master.vhd", string osType = "Linux", int generation = 1) => PutAsync(
        Id(ResourceType.Images, name), Json($$$"""
            {"location":"local1","properties":{"hyperVGeneration":"V{{{generation}}}","storageProfile":{"osDisk":{"osType":"{{{osType}}}","osState":"{{{osState}}}","blobUri":"{{{blob}}}"} } } }
            """));

    /// <summary>A body that makes a virtual machine from the image.</summary>
    public static JsonObject Body(string image = "image", string size = "Standard_B2s") => Json($$$"""
        {
          "location": "local1",
          "properties": {
            "hardwareProfile": {"vmSize": "{{{size}}}"},
            "storageProfile": {"imageReference": {"id": "{{{Id(ResourceType.Images, image)}}}"}, "osDisk": {"createOption": "FromImage"}},
            "osProfile": {"computerName": "host", "adminUsername": "azureuser", "adminPassword": "Secret-Word-1"}
          }
        }
        """);

    /// <summary>A body with data disks.</summary>
    public static JsonObject Body(JsonArray dataDisks)
    {
        JsonObject body = Body();
        body["properties"]!["storageProfile"]!["dataDisks"] = dataDisks;
        return body;
    }

    /// <summary>Puts, and waits.</summary>
    public async Task<Operation?> PutAsync(ResourceId id, JsonObject body) => await EndAsync(await Fabric.Requests[id.Type].PutAsync(id, body, Query(), Token));

    public async Task<Operation?> PatchAsync(ResourceId id, string body) => await EndAsync(await Fabric.Requests[id.Type].PatchAsync(id, Json(body), Query(), Token));

    public async Task<Operation?> DeleteAsync(ResourceId id) => await EndAsync(await Fabric.Requests[id.Type].DeleteAsync(id, Query(), Token));

    public async Task<Operation?> ActAsync(ResourceId id, string action, string body = "{}", params (string Name, string Value)[] query) =>
        await EndAsync(await Fabric.Requests[id.Type].ActAsync(id, action, Json(body), Query(query), Token));

    /// <summary>Makes a virtual machine, which has to succeed.</summary>
    public async Task<ResourceId> CreateAsync(string name = "web1", JsonObject? body = null)
    {
        Succeeded(await PutAsync(Machine(name), body ?? Body()));
        return Machine(name);
    }

    public static void Succeeded(Operation? operation) =>
        Assert.True(operation is null or { Status: OperationStatus.Succeeded }, $"{operation?.Status} {operation?.ErrorCode}: {operation?.ErrorMessage}");

    public static void Failed(string code, Operation? operation) => Assert.Equal((OperationStatus.Failed, code), (operation!.Status, operation.ErrorCode));

    /// <summary>What a request is refused with.</summary>
    public static async Task<FabricException> RefusedAsync(string code, Func<Task> request)
    {
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(request);
        Assert.Equal(code, refusal.AzureCode);
        return refusal;
    }

    public JsonObject Read(ResourceId id, params (string Name, string Value)[] query) => Fabric.Requests[id.Type].Read(id, Query(query));

    public VmObserved Observed(ResourceId id) => VmObserved.Parse(Row(id).Observed);

    public Resource Row(ResourceId id) => _database.Read(table => table.Find(id)) ?? throw new InvalidOperationException($"{id} does not exist.");

    public bool Exists(ResourceId id) => _database.Read(table => table.Find(id)) is not null;

    public List<Resource> All(ResourceType type) => _database.Read(table => table.List(type, new ListScope(SubscriptionId), null, 10_000));

    /// <summary>Everything in the group, as it is at one moment.</summary>
    public List<Resource> AllOfGroup() => _database.Read(table => table.ListGroup(Id(ResourceType.ResourceGroups, "g")));

    public List<Operation> Running(ResourceId id) => _database.Read(table => table.ListRunning(id));

    /// <summary>The code of the status of a kind: <c>PowerState</c>.</summary>
    public string Status(ResourceId id, string kind) => Machines.ReadPart(id, "instanceView", Query())["statuses"]!.AsArray()
        .Select(status => (string)status!["code"]!).Single(code => code.StartsWith(kind + "/", StringComparison.Ordinal));

    public async Task<Operation?> EndAsync(Acceptance acceptance)
    {
        if (acceptance.OperationId is not { } operationId)
        {
            return null;
        }

        Operation? ended = await Fabric.Operations.WaitAsync(operationId, Longest, Token);
        Assert.NotEqual(OperationStatus.InProgress, ended?.Status);
        return ended;
    }

    public async ValueTask DisposeAsync()
    {
        _database.Dispose();
        await Fabric.DisposeAsync();
        _folder.Dispose();
    }
}
