using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric;

/// <summary>A fabric that runs in this process: state, hosts, stores, and the loop that brings about what was asked for. One a home folder.</summary>
public sealed class LocalFabric : IAsyncDisposable
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20);

    private readonly FabricLock _lock;
    private readonly FabricParts _parts;
    private readonly FabricTypes _types;
    private readonly ControlLoop _loop;
    private readonly Task _backup;
    private bool _isStopped;
    private bool _isDisposed;

    private LocalFabric(FabricLock held, FabricParts parts)
    {
        _lock = held;
        _parts = parts;
        _types = new FabricTypes(parts);
        _loop = new ControlLoop(parts, _types.Controllers, Random.Shared.NextDouble) { Looked = _types.Groups.Notice };
        _loop.Start();
        _backup = Task.Run(BackUp);
    }

    /// <summary>What it was opened with.</summary>
    public FabricOptions Options => _parts.Options;

    /// <summary>The kind of host that new virtual machines are placed on: <c>Simulated</c>, <c>Qemu</c>.</summary>
    public string HostKind => _parts.HostKind;

    /// <summary>Where its files are.</summary>
    public FabricHome Home => _parts.Home;

    /// <summary>The locations' names, in lower case.</summary>
    public IReadOnlyList<string> Locations => _parts.Options.Locations;

    /// <summary>What can be asked of each type of resource.</summary>
    public IReadOnlyDictionary<ResourceType, IResourceRequests> Requests => _types.Requests;

    /// <summary>The operations that clients wait for.</summary>
    public OperationBoard Operations => _parts.Operations;

    /// <summary>Ends when the fabric was stopped; fails when its loop fails, after which nothing goes on: end the process.</summary>
    public Task Completion => _loop.Completion;

    /// <summary>Opens the fabric of a home folder, makes it when there is none, and begins with what an earlier one left unfinished.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Gets what it has to say.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="FabricException">RequestInvalid: the options are wrong, or leave out a location that has resources. FabricInUse: another fabric has the folder. FabricDamaged: its database is damaged, or of a later version.</exception>
    /// <exception cref="TransferException">A location's store cannot be opened.</exception>
    public static Task<LocalFabric> OpenAsync(FabricOptions options, TimeProvider clock, IFabricLog log, CancellationToken cancellationToken)
    {
        FabricOptionsValidator.Check(options);
        return Task.Run(() => OpenAsync(new FabricHome(Path.GetFullPath(options.HomePath)), options, clock, log), cancellationToken);
    }

    /// <summary>Takes no new work, and waits up to 20 seconds for what is under way. What does not end by then is taken up at the next start.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        await _loop.StopAsync(LongestDrain).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!_isStopped && !_loop.Completion.IsFaulted)
        {
            await StopAsync().ConfigureAwait(false);
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
        await _backup.ConfigureAwait(false);
        await CloseAsync(_parts.Hosts.Values, _parts.Stores.Values).ConfigureAwait(false);
        BackUp();
        _parts.Database.Dispose();
        _parts.Queue.Dispose();
        _lock.Dispose();
    }

    private static async Task<LocalFabric> OpenAsync(FabricHome home, FabricOptions options, TimeProvider clock, IFabricLog log)
    {
        CreateFolder(home.Folder);
        var held = FabricLock.Take(home, clock);
        FabricDatabase? database = null;
        var stores = new Dictionary<string, IBlobStore>(StringComparer.OrdinalIgnoreCase);
        try
        {
            database = FabricDatabase.Open(home.DatabasePath);
            FabricOptionsValidator.CheckLocations(options, database.Read(table => table.ListLocations()));
            foreach (string location in options.Locations)
            {
                stores.Add(location, BlobStores.OpenStore(null, new StoreConnection { FolderPath = home.StorePath(location) }, mayCreate: true));
            }

            var parts = FabricParts.Make(options, home, database, stores, clock, log);
            Restore(parts);
            return new LocalFabric(held, parts);
        }
        catch
        {
            await CloseAsync([], stores.Values).ConfigureAwait(false);
            database?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Notes what instances have of the hosts, and removes what a kill has left of instances that do not exist. Guests that ended with an earlier fabric are looked at.</summary>
    private static void Restore(FabricParts parts)
    {
        LedgerFindings found = LedgerReader.Restore(parts.Database, parts.Options.SubscriptionId, parts.Ledger);
        foreach (ResourceId machine in found.Homeless)
        {
            parts.Log.WriteWarning($"The host of {machine} does not exist any more.", null);
        }

        foreach ((ResourceId machine, _) in found.Housed.Where(machine => !parts.Hosts[machine.Host].KeepsGuests))
        {
            parts.Queue.Add(machine);
        }

        parts.Secrets.Sweep(found.Instances);
        if (parts.Options.HostKind == FabricHostKind.Auto)
        {
            parts.Log.WriteInformation($"New virtual machines are placed on hosts of the kind {parts.HostKind}.");
        }
    }

    private static async Task CloseAsync(IEnumerable<IHostAgent> hosts, IEnumerable<IBlobStore> stores)
    {
        // Guests shut down side by side: whoever stops the fabric waits for the slowest.
        await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IBlobStore store in stores)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void CreateFolder(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FabricException(
                ErrorCode.FabricFailed, path, $"The fabric's folder '{path}' could not be made: {exception.Message}", "Give a home folder that you may write to.", exception);
        }
    }

    private void BackUp()
    {
        try
        {
            _parts.Database.BackUp(_parts.Home.BackupPath);
        }
        catch (Exception exception) when (exception is FabricException or IOException or UnauthorizedAccessException)
        {
            _parts.Log.WriteWarning($"The backup of the fabric's database, '{_parts.Home.BackupPath}', could not be made; the one before it is kept.", exception);
        }
    }
}
