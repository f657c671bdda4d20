using System.Diagnostics;
using System.Globalization;
using AzureVmRole.Engine.Cleanup;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Tests.Storage;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AzureVmRole.Engine.Tests.Cleanup;

/// <summary>
/// Large stores. Opt-in: AZVMROLE_STORE_BLOBS says how many blobs a folder store gets (1000000), AZVMROLE_AZURITE_BLOBS how many
/// Azurite gets (50000). Figures go to the test's output.
/// </summary>
public sealed class OrphanScaleTests(AzuriteFixture azurite)
{
    private const long MostMemory = 256L << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 3_600_000)]
    public async Task Find_FolderStoreOfAMillion_BoundedMemory()
    {
        int count = Count("AZVMROLE_STORE_BLOBS");
        await using var world = new CleanupWorld();
        await world.AddDiskAsync("disk.vhd", "ID");
        await world.AddDiskAsync("difference.vhd", "ID", "BASE");
        Fill(world.Store.Root, count);
        world.Age();

        // Each fourth disk is a difference of the one before it, and all of them are unused.
        (long orphans, long all) = await MeasureAsync(OrphanSearch.FindAsync(
            world.Store, null, world.Referrers(), new OrphanSearchOptions(), world.Clock, null, Token));

        Assert.Equal((count + 2, count + 2), (orphans, all));
    }

    [Fact(Timeout = 3_600_000)]
    public async Task Find_AzuriteWithThousands_BoundedMemory()
    {
        int count = Count("AZVMROLE_AZURITE_BLOBS");
        StoreConnection connection = await azurite.ConnectAsync();
        string container = "many" + Guid.NewGuid().ToString("N");
        await using IBlobStore store = BlobStores.OpenStore(null, connection, mayCreate: true);
        await store.CreateContainerAsync(container, Token);
        long start = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (number, token) =>
            await store.CreateAsync(
                new BlobName(container, $"disk{number:D6}.vhd"), 512,
                CleanupWorld.Map((BlobMetadata.DiskIdentifier, $"{number}"), (BlobMetadata.BaseIdentifier, $"{number - 1}")), default, token));
        WriteLine($"Made in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        start = Stopwatch.GetTimestamp();
        Assert.Equal(count, await store.ListAsync(new BlobListing { Container = container }, Token).CountAsync(Token));
        WriteLine($"Listed in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");

        (long orphans, long all) = await MeasureAsync(OrphanSearch.FindAsync(
            new OrphanSearchOptions { Connection = connection, Address = container, MinimumAge = TimeSpan.Zero }, null, Token));

        Assert.Equal((count, count), (orphans, all));
    }

    private static int Count(string variable)
    {
        string? text = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(text), $"Opt-in: set {variable}.");
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<(long Orphans, long All)> MeasureAsync(IAsyncEnumerable<OrphanVhd> found)
    {
        GC.Collect();
        long managedBefore = GC.GetTotalMemory(forceFullCollection: true);
        long managedMost = 0;
        long orphans = 0;
        long all = 0;
        long start = Stopwatch.GetTimestamp();
        await foreach (OrphanVhd item in found)
        {
            orphans += item.IsOrphan ? 1 : 0;
            if (++all % 10_000 == 1)
            {
                managedMost = Math.Max(managedMost, GC.GetTotalMemory(forceFullCollection: false) - managedBefore);
            }
        }

        TimeSpan time = Stopwatch.GetElapsedTime(start);
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        WriteLine(
            $"{all} blobs, {orphans} orphans: {time.TotalSeconds:F1} s, managed {managedMost >> 20} MiB, peak of the process {process.PeakWorkingSet64 >> 20} MiB");
        Assert.True(managedMost < MostMemory, $"The search took {managedMost} bytes.");
        return (orphans, all);
    }

    private static void WriteLine(string text)
    {
        TestContext.Current.SendDiagnosticMessage(text);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
    }

    /// <summary>Rows beside the store's own: a million files would take an hour to make, and a search opens none.</summary>
    private static void Fill(Uri root, int count)
    {
        string database = Path.Combine(root.LocalPath, ".azvmrole", "store.db");
        using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < $count)
            INSERT INTO blobs (container, name, snapshot, generation, length, version, created, modified, metadata, tags, copy_state, copy_done)
            SELECT b.container, printf('many/%08d.vhd', i), b.snapshot, 1000000000 + i, b.length, b.version, b.created, b.modified,
                replace(replace(b.metadata, 'ID', printf('%d', i)), 'BASE', printf('%d', i - 1)), b.tags, b.copy_state, b.copy_done
            FROM numbers JOIN blobs b ON b.name = CASE WHEN i % 4 = 0 THEN 'difference.vhd' ELSE 'disk.vhd' END
            """;
        command.Parameters.AddWithValue("$count", count);
        command.ExecuteNonQuery();
    }
}
