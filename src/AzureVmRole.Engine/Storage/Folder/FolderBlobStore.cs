namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>
/// A store in a folder: sparse files under the names of their containers and blobs, everything else in SQLite beside them
/// (docs/formats/folder-store.md). Safe for several processes at once.
/// </summary>
internal sealed partial class FolderBlobStore : IBlobStore
{
    private const int PageSize = 512;
    private const int MostRequests = 16;

    private readonly FolderPaths _paths;
    private readonly FolderDatabase _database;
    private readonly FolderFiles _files;
    private readonly FolderReserve _reserve;
    private readonly TimeProvider _clock;
    private bool _isClosed;

    private FolderBlobStore(FolderPaths paths, FolderDatabase database, TimeProvider clock, int? numberOfThreads)
    {
        _paths = paths;
        _database = database;
        _files = new FolderFiles(paths, database);
        _reserve = new FolderReserve(paths);
        _clock = clock;
        int most = numberOfThreads ?? Math.Clamp(Environment.ProcessorCount, 2, MostRequests);
        Concurrency = new ConcurrencyLimit(most, most);
        Root = FolderPaths.ToUri(paths.Root);
    }

    /// <inheritdoc/>
    public Uri Root { get; }

    /// <inheritdoc/>
    public bool CanCopyPages => true;

    /// <inheritdoc/>
    public bool IsIntegrityProtected => true;

    /// <inheritdoc/>
    public ConcurrencyLimit Concurrency { get; }

    /// <summary>Opens the store in a folder, and makes both when they do not exist.</summary>
    /// <param name="rootPath">The absolute path.</param>
    /// <param name="clock">What leases run by.</param>
    /// <param name="numberOfThreads">The most requests at once; null for what suits the machine.</param>
    /// <exception cref="TransferException">The folder cannot be used, or its database is damaged or of a later version.</exception>
    public static FolderBlobStore Open(string rootPath, TimeProvider clock, int? numberOfThreads = null)
    {
        var paths = new FolderPaths(rootPath);
        try
        {
            paths.CreateFolders();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, paths.Root, paths.Root, isWriting: true);
        }

        var reserve = new FolderReserve(paths);
        var store = new FolderBlobStore(paths, reserve.Use(() => FolderDatabase.Open(paths)), clock, numberOfThreads);
        reserve.Use(() => store._database.Change(table =>
        {
            store._files.RemoveLeftovers(table);
            store._files.RemoveUnowned(table);
            FolderCopy.RemoveDead(paths);
            return true;
        }));
        reserve.Fill();
        return store;
    }

    /// <summary>What a folder without a store holds: nothing. For reading only; nothing is made in the folder.</summary>
    /// <param name="rootPath">The absolute path; it need not exist.</param>
    /// <param name="clock">What leases run by.</param>
    public static FolderBlobStore OpenEmpty(string rootPath, TimeProvider clock)
    {
        var paths = new FolderPaths(rootPath);
        return new FolderBlobStore(paths, FolderDatabase.OpenEmpty(paths), clock, numberOfThreads: null);
    }

    /// <inheritdoc/>
    public Uri GetUri(BlobName name) => FolderPaths.ToUri(_paths.BlobFile(name));

    /// <inheritdoc/>
    public BlobName? NameOf(Uri uri) =>
        uri.IsAbsoluteUri && uri.IsFile && (!uri.IsUnc || uri.IsLoopback) && uri.Query.Length == 0 && !uri.LocalPath.Contains('\0', StringComparison.Ordinal)
            ? _paths.NameOf(uri.LocalPath)
            : null;

    /// <inheritdoc/>
    public Task CreateContainerAsync(string container, CancellationToken cancellationToken)
    {
        FolderNames.CheckContainer(container);
        return Task.Run(
            () => _database.Change(table =>
            {
                string path = Path.Combine(_paths.Root, container);
                try
                {
                    Directory.CreateDirectory(path);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw FolderErrors.Of(exception, container, path, isWriting: true);
                }

                table.AddContainer(container, Now);
                return true;
            }),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(BlobName name, string? snapshot, CancellationToken cancellationToken) => Task.Run(
        () => _database.Read(table => table.Find(name, snapshot)) is { } row ? CheckCopyNow(row)?.ToProperties(Now) : null, cancellationToken);

    /// <inheritdoc/>
    public Task<string> CreateAsync(
        BlobName name, long length, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length % PageSize != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A page blob is a whole number of pages long.");
        }

        return Task.Run(() => Replace(name, row => row with { Length = length, Metadata = FolderRow.ToJson(metadata) }, conditions).ETag, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string> SetMetadataAsync(
        BlobName name, IReadOnlyDictionary<string, string> metadata, BlobConditions conditions, CancellationToken cancellationToken) =>
        UpdateAsync(name, conditions, row => row with { Metadata = FolderRow.ToJson(metadata) }, cancellationToken);

    /// <inheritdoc/>
    public Task<string> SetContentMd5Async(
        BlobName name, byte[]? contentMd5, BlobConditions conditions, CancellationToken cancellationToken) =>
        UpdateAsync(name, conditions, row => row with { ContentMd5 = contentMd5 }, cancellationToken);

    /// <inheritdoc/>
    public Task UndeleteAsync(BlobName name, CancellationToken cancellationToken) => Task.FromException(new TransferException(
        ErrorCode.StoreUnsupported, name.ToString(), $"'{name}' cannot be restored: deletion in a folder store is final.", "Publish the disk again."));

    /// <inheritdoc/>
    public Task<TimeSpan?> GetDeleteRetentionAsync(CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        await EndCopiesAsync().ConfigureAwait(false);
        _files.Dispose();
        _database.Dispose();
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private Task<string> UpdateAsync(
        BlobName name, BlobConditions conditions, Func<FolderRow, FolderRow> change, CancellationToken cancellationToken) => Task.Run(
        () => _database.Change(table =>
        {
            FolderRow row = change(LetWrite(FindExisting(table, name, null), conditions)).Changed(Now);
            table.Save(row);
            return row.ETag;
        }),
        cancellationToken);

    /// <summary>Puts a new blob in a name's place, if the conditions allow.</summary>
    private FolderRow Replace(BlobName name, Func<FolderRow, FolderRow> fill, BlobConditions conditions)
    {
        _ = FolderNames.Encode(name);
        FolderRow created = _database.Change(table =>
        {
            FolderRow? old = table.Find(name, null);
            FolderRow? allowed = LetReplace(table, name, old, conditions);
            if (old is null)
            {
                CheckName(table, name);
                _files.Prepare(table, name);
            }

            FolderRow row = fill(new FolderRow
            {
                Name = name,
                Generation = FolderRow.NewNumber(),
                Length = 0,
                Version = FolderRow.NewNumber(),
                Created = Now,
                Modified = Now,
                Lease = allowed?.Lease ?? default,
            });
            _files.Create(row);
            if (old is not null && File.Exists(_paths.NewFile(old.Generation)))
            {
                table.AddLeftover(Path.GetRelativePath(_paths.Root, _paths.NewFile(old.Generation)), null);
            }

            table.Save(row);
            return row;
        });
        _files.Place(created);
        return created;
    }

    private FolderRow? LetReplace(FolderTable table, BlobName name, FolderRow? old, BlobConditions conditions)
    {
        if (!table.HasContainer(name.Container))
        {
            throw FolderErrors.ContainerNotFound(name.Container);
        }

        if (old is not null)
        {
            return conditions.MustNotExist ? throw FolderErrors.Exists(name) : LetWrite(old, conditions, isReplaced: true);
        }

        if (conditions.IfMatch is not null || conditions.LeaseId is not null)
        {
            throw FolderErrors.NotFound(name, null);
        }

        return null;
    }

    private static void CheckName(FolderTable table, BlobName name)
    {
        if (table.FindBelow(name) is { } below)
        {
            throw FolderErrors.NameTaken(name, below);
        }

        for (int slash = name.Name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.Name.IndexOf('/', slash + 1))
        {
            if (table.HasName(name.Container, name.Name[..slash]))
            {
                throw FolderErrors.NameTaken(name, name.Name[..slash]);
            }
        }
    }

    private static FolderRow FindExisting(FolderTable table, BlobName name, string? snapshot)
    {
        FolderRow? row = table.Find(name, snapshot);
        if (row is null)
        {
            throw table.HasContainer(name.Container) ? FolderErrors.NotFound(name, snapshot) : FolderErrors.ContainerNotFound(name.Container);
        }

        return row;
    }
}
