namespace AzureVmRole.Benchmarks.Storage;

/// <summary>The transfers that are measured for one disk, with the goals of wall time against the peer.</summary>
internal sealed class StorageCases(StorageDisks disks, StorageClients clients, string folder)
{
    private const string Blob = "disk.vhd";

    private readonly string _target = Path.Combine(folder, "target.vhd");
    private readonly string _between = Path.Combine(folder, "between.vhd");
    private readonly string _store = Path.Combine(folder, "store");

    private double UploadGoal => disks.Name switch
    {
        "sparse" => 0.35,
        "filesystem" => 0.8,
        _ => 0.95,
    };

    public IEnumerable<StorageCase> All() =>
    [
        Up("up fixed", disks.Fixed, store => clients.AzcopyUpAsync(disks.Fixed, AddressIn(store)), UploadGoal),
        Up("up dynamic", disks.Dynamic, store => ConvertAndUploadAsync(disks.Dynamic, "vpc", store), UploadGoal),
        Up("up chain", disks.Chain, store => ConvertAndUploadAsync(disks.Chain, "qcow2", store), UploadGoal),
        Down("down fixed", VhdType.Fixed, store => clients.AzcopyDownAsync(AddressIn(store), _target)),
        Down("down dynamic", VhdType.Dynamic, DownloadAndConvertAsync),
        Local(),
    ];

    private StorageCase Up(string name, string source, Func<BenchmarkStore?, Task<ClientRun>> peer, double goal) => new()
    {
        Name = $"{disks.Name}: {name}",
        Goal = goal,
        Ours = store => clients.PublishAsync(source, AddressIn(store)),
        Peer = peer,
        IsRight = source == disks.Fixed ? IsUploadedAsync : null,
        CleanUp = CleanUp,
    };

    private StorageCase Down(string name, VhdType type, Func<BenchmarkStore?, Task<ClientRun>> peer) => new()
    {
        Name = $"{disks.Name}: {name}",
        Goal = 0.5,
        Fill = store => clients.AzcopyUpAsync(disks.Fixed, store.AddressOf(Blob)),
        Ours = store => clients.SaveAsync(AddressIn(store), _target, type),
        Peer = peer,
        IsRight = type == VhdType.Fixed ? _ => IsSourceAsync(_target) : null,
        CleanUp = CleanUp,
    };

    private StorageCase Local() => new()
    {
        Name = $"{disks.Name}: folder",
        Goal = 1.1,
        IsLocal = true,
        Ours = _ => clients.PublishAsync(disks.Fixed, $"{BenchmarkStore.Container}/{Blob}", _store),
        Peer = _ => clients.CopyFileAsync(disks.Fixed, _target),
        IsRight = _ => IsSourceAsync(Path.Combine(_store, BenchmarkStore.Container, Blob)),
        CleanUp = CleanUp,
    };

    private static string AddressIn(BenchmarkStore? store) =>
        store?.AddressOf(Blob) ?? throw new InvalidOperationException("This case needs a store.");

    private async Task<ClientRun> ConvertAndUploadAsync(string source, string format, BenchmarkStore? store) =>
        await clients.ConvertAsync(source, format, _between, "fixed") + await clients.AzcopyUpAsync(_between, AddressIn(store));

    private async Task<ClientRun> DownloadAndConvertAsync(BenchmarkStore? store) =>
        await clients.AzcopyDownAsync(AddressIn(store), _between) + await clients.ConvertAsync(_between, "vpc", _target, "dynamic");

    private async Task<bool> IsUploadedAsync(BenchmarkStore? store)
    {
        await clients.AzcopyDownAsync(AddressIn(store), _target);
        return await IsSourceAsync(_target);
    }

    private async Task<bool> IsSourceAsync(string path) =>
        new FileInfo(path).Length == new FileInfo(disks.Fixed).Length && await StorageDisks.HashAsync(path) == await StorageDisks.HashAsync(disks.Fixed);

    private void CleanUp()
    {
        File.Delete(_target);
        File.Delete(_between);
        if (Directory.Exists(_store))
        {
            Directory.Delete(_store, recursive: true);
        }
    }
}
