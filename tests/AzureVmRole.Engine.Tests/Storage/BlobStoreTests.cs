using System.Security.Cryptography;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage;

/// <summary>What every store has to do, whatever it is made of. Derive, open a store, and name what it lacks.</summary>
public abstract partial class BlobStoreTests : IAsyncLifetime
{
    protected const int Page = 512;
    protected const int KiB = 1024;
    protected const int MiB = 1024 * 1024;

    private static readonly Dictionary<string, string> NoMetadata = new(StringComparer.Ordinal);

    private IBlobStore? _store;

    /// <summary>The store under test, open while a test runs.</summary>
    protected IBlobStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    /// <summary>A container of the test's own, which exists.</summary>
    protected string Container { get; } = "t" + Guid.NewGuid().ToString("N");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        await Store.CreateContainerAsync(Container, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store under test.</summary>
    protected abstract Task<IBlobStore> OpenAsync();

    /// <summary>Removes what the test's store left behind.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>Why the store lacks a capability; null when it has it.</summary>
    protected abstract string? WhyLacking(StoreCapability capability);

    /// <summary>
    /// Lets a timed lease's time run out. Where time cannot be moved, breaks the lease at once instead: its holder has lost it, too.
    /// </summary>
    protected abstract Task EndLeaseAsync(BlobName name, TimeSpan duration);

    /// <summary>Ends the test as skipped when the store lacks what it needs.</summary>
    protected void Need(StoreCapability capability)
    {
        string? reason = WhyLacking(capability);
        Assert.SkipWhen(reason is not null, $"{capability}: {reason}");
    }

    protected static string NewLease() => Guid.NewGuid().ToString();

    protected static byte[] RandomBytes(int length, int seed = 1)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    protected static Dictionary<string, string> Metadata(params (string Key, string Value)[] pairs) =>
        pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);

    protected BlobName Blob(string name = "disk.vhd") => new(Container, name);

    protected async Task<BlobName> MakeAsync(string name = "disk.vhd", long length = MiB)
    {
        BlobName blob = Blob(name);
        await Store.CreateAsync(blob, length, NoMetadata, default, Token);
        return blob;
    }

    protected async Task<BlobProperties> FindAsync(BlobName name, string? snapshot = null)
    {
        BlobProperties? properties = await Store.FindAsync(name, snapshot, Token);
        Assert.NotNull(properties);
        return properties;
    }

    protected async Task<byte[]> ReadAsync(BlobName name, long offset, int length, string? snapshot = null)
    {
        byte[] data = new byte[length];
        RandomNumberGenerator.Fill(data);
        await Store.ReadAsync(name, snapshot, offset, data, default, Token);
        return data;
    }

    protected async Task<List<PageRange>> RangesAsync(BlobName name, string? snapshot = null, string? previous = null, long offset = 0, long length = MiB)
    {
        List<PageRange> ranges = [];
        await foreach (PageRange range in Store.ListPageRangesAsync(name, snapshot, previous, offset, length, default, Token))
        {
            ranges.Add(range);
        }

        return ranges;
    }

    protected static async Task<TransferException> FailsAsync(ErrorCode code, Func<Task> action)
    {
        TransferException exception = await Assert.ThrowsAsync<TransferException>(action);
        Assert.Equal(code, exception.Code);
        return exception;
    }
}
