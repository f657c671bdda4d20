using System.Collections.ObjectModel;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;
using AzureVmRole.TestKit;

namespace AzureVmRole.Fabric.Tests;

/// <summary>The parts of a fabric in a folder of their own, with a clock that stands still, and no loop.</summary>
internal sealed class TestParts : IAsyncDisposable
{
    public const string SubscriptionId = "00000000-0000-0000-0000-00000000a23e";

    private readonly TemporaryFolder _folder = new();

    public TestParts(int parallelism = 4)
    {
        var home = new FabricHome(_folder.Path);
        Directory.CreateDirectory(home.Folder);
        var options = new FabricOptions { HomePath = home.Root, Parallelism = parallelism };
        var database = FabricDatabase.Open(home.DatabasePath);
        var stores = options.Locations.ToDictionary(
            location => location, location => BlobStores.OpenStore(null, new StoreConnection { FolderPath = home.StorePath(location) }, mayCreate: true), StringComparer.Ordinal);
        Parts = FabricParts.Make(options, home, database, stores, Clock, Log);
    }

    public ManualTimeProvider Clock { get; } = new();

    public RecordedLog Log { get; } = new();

    public FabricParts Parts { get; }

    public FabricDatabase Database => Parts.Database;

    public static RequestContext NoContext { get; } = new() { Query = ReadOnlyDictionary<string, string>.Empty };

    public static ResourceId Id(ResourceType type, string name, string group = "g") => new(SubscriptionId, group, type, name);

    public static ResourceId GroupId(string name = "g") => Id(ResourceType.ResourceGroups, name, name);

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>A resource as a request would make it.</summary>
    public static Resource Resource(ResourceId id, ProvisioningState state = ProvisioningState.Creating) => new()
    {
        Id = id,
        Location = "local1",
        Desired = Json("""{"properties":{}}"""),
        Observed = [],
        Generation = 1,
        ObservedGeneration = state is ProvisioningState.Succeeded or ProvisioningState.Failed ? 1 : 0,
        State = state,
        Created = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    public Resource Save(Resource resource) => Database.Change(table => table.Save(resource));

    public Resource? Find(ResourceId id) => Database.Read(table => table.Find(id));

    public void MakeGroup(string name = "g") => Save(Resource(GroupId(name), ProvisioningState.Succeeded));

    public async ValueTask DisposeAsync()
    {
        foreach (IBlobStore store in Parts.Stores.Values)
        {
            await store.DisposeAsync();
        }

        Parts.Database.Dispose();
        Parts.Queue.Dispose();
        _folder.Dispose();
    }
}
