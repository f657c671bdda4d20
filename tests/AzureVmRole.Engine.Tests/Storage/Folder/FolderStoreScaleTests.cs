using System.Diagnostics;
using System.Globalization;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

/// <summary>How a store with very many blobs lists, and what a page write costs. Opt-in: AZVMROLE_STORE_BLOBS=1000000.</summary>
public sealed class FolderStoreScaleTests
{
    private const int RowsInOneTransaction = 50_000;
    private const int Writes = 2_000;
    private const long MemoryLimit = 256 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task List_VeryManyBlobs_BoundedMemory()
    {
        string? wanted = Environment.GetEnvironmentVariable("AZVMROLE_STORE_BLOBS");
        Assert.SkipWhen(string.IsNullOrEmpty(wanted), "Set AZVMROLE_STORE_BLOBS to a number of blobs to measure their listing.");
        int count = int.Parse(wanted, CultureInfo.InvariantCulture);
        using var folder = new TemporaryFolder();
        await using var store = FolderBlobStore.Open(folder.Path, TimeProvider.System);
        await store.CreateContainerAsync("vhds", Token);
        Fill(folder.Path, count);

        long start = Stopwatch.GetTimestamp();
        int listed = 0;
        long mostMemory = 0;
        await foreach (BlobProperties blob in store.ListAsync(new BlobListing { Container = "vhds" }, Token))
        {
            Assert.Equal("complete", blob.Metadata[BlobMetadata.State]);
            if (++listed % RowsInOneTransaction == 0)
            {
                mostMemory = Math.Max(mostMemory, GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{listed} blobs listed in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {mostMemory >> 20} MiB live at most, "
            + $"peak of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB.");
        Assert.Equal(count, listed);
        Assert.True(mostMemory < MemoryLimit, $"{mostMemory} bytes are live.");
        await MeasureWritesAsync(store);
    }

    private static async Task MeasureWritesAsync(FolderBlobStore store)
    {
        var blob = new BlobName("vhds", "measured.vhd");
        await store.CreateAsync(blob, 1 << 20, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
        byte[] data = new byte[512];
        await store.WritePagesAsync(blob, 0, data, default, Token);
        long start = Stopwatch.GetTimestamp();
        for (int write = 0; write < Writes; write++)
        {
            await store.WritePagesAsync(blob, 0, data, default, Token);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"A write of one page takes {Stopwatch.GetElapsedTime(start).TotalMicroseconds / Writes:F0} µs.");
    }

    private static void Fill(string path, int count)
    {
        using var database = FolderDatabase.Open(new FolderPaths(path));
        string? metadata = FolderRow.ToJson(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [BlobMetadata.State] = BlobMetadata.Complete,
            [BlobMetadata.ContentHash] = new string('a', 64),
            [BlobMetadata.DiskIdentifier] = Guid.Empty.ToString(),
        });
        for (int first = 0; first < count; first += RowsInOneTransaction)
        {
            database.Change(table =>
            {
                for (int index = first; index < Math.Min(first + RowsInOneTransaction, count); index++)
                {
                    table.Save(new FolderRow
                    {
                        Name = new BlobName("vhds", $"{index % 1000:D3}/{index:D8}.vhd"),
                        Generation = FolderRow.NewNumber(),
                        Length = 1L << 35,
                        Version = FolderRow.NewNumber(),
                        Created = DateTimeOffset.UnixEpoch,
                        Modified = DateTimeOffset.UnixEpoch,
                        Metadata = metadata,
                    });
                }

                return true;
            });
        }
    }
}
