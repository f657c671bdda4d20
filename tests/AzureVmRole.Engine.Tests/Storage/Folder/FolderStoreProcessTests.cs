using System.Buffers.Binary;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

/// <summary>Real processes in one folder store: nothing is lost, and a killed one leaves nothing that hinders or looks whole.</summary>
public sealed class FolderStoreProcessTests : IDisposable
{
    private const int Processes = 3;
    private const int Rounds = 25;
    private const int Kills = 8;
    private const string Container = "vhds";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 180_000)]
    public async Task Count_ManyProcesses_NoRoundIsLost()
    {
        await using var store = FolderBlobStore.Open(_folder.Path, TimeProvider.System);
        await store.CreateContainerAsync(Container, Token);
        var leased = new BlobName(Container, "count.vhd");
        var free = new BlobName(Container, "count.vhd.free");
        await store.CreateAsync(leased, 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        await store.CreateAsync(free, 512, new Dictionary<string, string>(StringComparer.Ordinal) { ["count"] = "0" }, default, Token);

        string[] reports = await Task.WhenAll(Enumerable.Range(0, Processes).Select(async _ =>
        {
            using var process = new TargetProcess("store-count", _folder.Path, leased.Name, $"{Rounds}");
            return (await process.RunAsync()).Report;
        }));

        Assert.All(reports, report => Assert.StartsWith("done", report, StringComparison.Ordinal));
        byte[] page = new byte[512];
        await store.ReadAsync(leased, null, 0, page, default, Token);
        Assert.Equal(Processes * Rounds, BinaryPrimitives.ReadInt64LittleEndian(page));
        Assert.Equal($"{Processes * Rounds}", (await store.FindAsync(free, null, Token))?.Metadata["count"]);
    }

    [Fact(Timeout = 240_000)]
    public async Task Kill_AtAnyPoint_WhatIsListedIsWholeAndFree()
    {
        var clock = new ManualClock();
        clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow());
        await using (var store = FolderBlobStore.Open(_folder.Path, clock))
        {
            await store.CreateContainerAsync(Container, Token);
        }

        var random = new Random(5);
        for (int kill = 0; kill < Kills; kill++)
        {
            using var process = new TargetProcess("store-churn", _folder.Path);
            await process.RunForAsync(TimeSpan.FromMilliseconds(random.Next(50, 900)));
            Assert.True(process.WasKilled, process.Report);

            // Later than any lease that the killed process can have held.
            clock.Advance(TimeProvider.System.GetUtcNow() - clock.GetUtcNow() + TimeSpan.FromSeconds(16));
            await using var store = FolderBlobStore.Open(_folder.Path, clock);
            await CheckAsync(store);
        }
    }

    private async Task CheckAsync(FolderBlobStore store)
    {
        HashSet<string> files = new(StringComparer.Ordinal);
        List<BlobProperties> blobs = [];
        await foreach (BlobProperties blob in store.ListAsync(new BlobListing { IncludeSnapshots = true }, Token))
        {
            blobs.Add(blob);
        }

        foreach (BlobProperties blob in blobs)
        {
            Assert.NotEqual(BlobCopyState.Pending, blob.CopyState);
            Assert.False(blob.CopyState == BlobCopyState.Failed && blob.Length > 0, $"{blob.Name} looks whole.");
            byte[] content = new byte[blob.Length];
            await store.ReadAsync(blob.Name, blob.Snapshot, 0, content, default, Token);
            Assert.True(content.AsSpan().IndexOfAnyExcept((byte)0, (byte)0xA5) < 0, $"{blob.Name} holds what nobody wrote.");
            bool mustBeWhole = blob.Snapshot is not null || blob.CopyState == BlobCopyState.Success;
            Assert.False(mustBeWhole && content.AsSpan().ContainsAnyExcept((byte)0xA5), $"{blob.Name} {blob.Snapshot} is torn.");
            if (blob.Snapshot is null)
            {
                files.Add(store.GetUri(blob.Name).LocalPath);
                Assert.NotEqual(BlobLeaseState.Leased, blob.LeaseState);
                if (blob.Length > 0)
                {
                    await store.WritePagesAsync(blob.Name, 0, content.AsMemory(0, 512), default, Token);
                }
            }
        }

        string[] found = Directory.GetFiles(_folder.File(Container), "*", SearchOption.AllDirectories);
        Assert.Equal(files.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File(".azvmrole/new")));
        Assert.Empty(Directory.GetFiles(_folder.File(".azvmrole/copies")));
    }
}
