using System.Globalization;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>
/// An upload that is killed at any point leaves a half upload that nobody takes for a disk, and the next attempt sends what is
/// missing. AZVMROLE_KILL_POINTS sets the number of points.
/// </summary>
public sealed class KilledPublicationTests(AzuriteFixture azurite)
{
    private const int MiB = DiskFolder.MiB;
    private const int DiskLength = 40 * MiB;
    private const int PointsByDefault = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Points => int.Parse(
        Environment.GetEnvironmentVariable("AZVMROLE_KILL_POINTS") ?? $"{PointsByDefault}", CultureInfo.InvariantCulture);

    [Theory(Timeout = 1_800_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_UploadToFolder_ResumeFinishes(bool isPatch)
    {
        using var folder = new DiskFolder();
        (ReferenceDisk lower, ReferenceDisk top) = await MakeAsync(folder);
        using DiskFolder first = folder.Copy();
        var connection = new StoreConnection { FolderPath = first["store"] };
        await PrepareAsync(first, connection, "vhds", isPatch);
        (int calls, TimeSpan duration) = await MeasureAsync(first, WordsFor(first, "vhds", isPatch, first["store"]), isCounted: true);
        int killed = 0;
        foreach (KillPoint point in KillPoint.Spread(Points, calls, duration, seed: isPatch ? 2 : 1))
        {
            using DiskFolder copy = folder.Copy();
            connection = new StoreConnection { FolderPath = copy["store"] };
            await PrepareAsync(copy, connection, "vhds", isPatch);
            killed += await KillAsync(copy, WordsFor(copy, "vhds", isPatch, copy["store"]), point) ? 1 : 0;
            await FinishAsync(copy, connection, "vhds", isPatch, lower, top, point);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{calls} calls in {duration.TotalMilliseconds:F0} ms, {killed} killed before the end");
    }

    [Theory(Timeout = 1_800_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_UploadToService_ResumeFinishes(bool isPatch)
    {
        StoreConnection connection = await azurite.ConnectAsync();
        using var folder = new DiskFolder();
        (ReferenceDisk lower, ReferenceDisk top) = await MakeAsync(folder);
        string container = NewContainer();
        await PrepareAsync(folder, connection, container, isPatch);
        (_, TimeSpan duration) = await MeasureAsync(
            folder, WordsFor(folder, container, isPatch, connection.ConnectionString ?? ""), isCounted: false);
        int killed = 0;
        foreach (KillPoint point in KillPoint.Spread(Points, 0, duration, seed: 3))
        {
            container = NewContainer();
            await PrepareAsync(folder, connection, container, isPatch);
            killed += await KillAsync(folder, WordsFor(folder, container, isPatch, connection.ConnectionString ?? ""), point) ? 1 : 0;
            await FinishAsync(folder, connection, container, isPatch, lower, top, point);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Points} points in {duration.TotalMilliseconds:F0} ms, {killed} killed before the end");
    }

    private static string NewContainer() => "k" + Guid.NewGuid().ToString("N");

    private static async Task<(ReferenceDisk Base, ReferenceDisk Top)> MakeAsync(DiskFolder folder)
    {
        ReferenceDisk lower = new ReferenceDisk(DiskLength).Fill(0, 17 * MiB, 1).Fill(18 * MiB, 17 * MiB, 2);
        await folder.MakeAsync("base.vhd", lower, VhdType.Dynamic);
        ReferenceDisk top = await folder.MakeDifferenceAsync(
            "top.vhd", "base.vhd", lower, (MiB, 4 * MiB, 3), (9 * MiB, 3 * MiB, 0), (20 * MiB, 6 * MiB, 4), (36 * MiB, 2 * MiB, 5));
        return (lower, top);
    }

    private static async Task PrepareAsync(DiskFolder folder, StoreConnection connection, string container, bool isPatch)
    {
        if (isPatch)
        {
            await DiskPublication.PublishAsync(
                OptionsFor(folder, connection, container, isPatch: false) with { SourcePath = folder["base.vhd"], Destination = $"{container}/base.vhd" },
                null, Token);
        }
    }

    private static PublishOptions OptionsFor(DiskFolder folder, StoreConnection connection, string container, bool isPatch) => new()
    {
        SourcePath = folder["top.vhd"],
        Destination = $"{container}/disk.vhd",
        BaseImage = isPatch ? $"{container}/base.vhd" : null,
        IsDataDisk = true,
        Connection = connection,
        UploadsPath = Path.Combine(folder["home"], "uploads"),
    };

    private static string[] WordsFor(DiskFolder folder, string container, bool isPatch, string store) => isPatch
        ? ["publish-patch", folder["top.vhd"], $"{container}/disk.vhd", $"{container}/base.vhd", store]
        : ["publish", folder["top.vhd"], $"{container}/disk.vhd", store];

    private static async Task<(int Calls, TimeSpan Duration)> MeasureAsync(DiskFolder folder, string[] words, bool isCounted)
    {
        using var process = new TargetProcess(words);
        process.Environment["AZUREVMROLE_HOME"] = folder["home"];
        string countPath = Path.Combine(Path.GetTempPath(), $"azvmrole-calls-{Guid.NewGuid():N}");
        string? library = isCounted ? await KillShim.FindAsync() : null;
        if (library is not null)
        {
            KillShim.Arm(process, library, folder, default);
            process.Environment["KILL_COUNT"] = countPath;
        }

        await process.RunAsync();
        Assert.StartsWith("done", process.Report, StringComparison.Ordinal);
        if (library is null)
        {
            return (0, process.Duration);
        }

        int calls = int.Parse(await File.ReadAllTextAsync(countPath, Token), CultureInfo.InvariantCulture);
        File.Delete(countPath);
        return (calls, process.Duration);
    }

    private static async Task<bool> KillAsync(DiskFolder folder, string[] words, KillPoint point)
    {
        using var process = new TargetProcess(words);
        process.Environment["AZUREVMROLE_HOME"] = folder["home"];
        if (point.Call == 0)
        {
            await process.RunForAsync(point.Delay);
        }
        else
        {
            KillShim.Arm(process, await KillShim.FindAsync() ?? "", folder, point);
            await process.RunAsync();
        }

        return process.WasKilled;
    }

    private static async Task FinishAsync(
        DiskFolder folder, StoreConnection connection, string container, bool isPatch, ReferenceDisk lower, ReferenceDisk top, KillPoint point)
    {
        await using IBlobStore store = BlobStores.OpenStore(null, connection, mayCreate: true);
        var name = new BlobName(container, "disk.vhd");
        BlobProperties? left = await store.FindAsync(name, null, Token);
        long missing = isPatch ? Missing(top, lower.Content) : Missing(top, new byte[DiskLength]);
        if (left is { CopyState: not (BlobCopyState.Pending or BlobCopyState.Aborted or BlobCopyState.Failed) }
            && left.Metadata[BlobMetadata.State] == BlobMetadata.Uploading)
        {
            PublishOptions onHalf = OptionsFor(folder, connection, container, isPatch: true) with
            {
                BaseImage = name.ToString(),
                Destination = $"{container}/new.vhd",
            };
            TransferException refused = await Assert.ThrowsAsync<TransferException>(() => DiskPublication.PublishAsync(onHalf, null, Token));
            Assert.Equal(ErrorCode.UploadIncomplete, refused.Code);
            missing = Math.Min(missing, Missing(top, await ReadAsync(store, name)));
        }

        if (left?.Metadata[BlobMetadata.State] != BlobMetadata.Complete)
        {
            PublishedVhd published = await DiskPublication.PublishAsync(OptionsFor(folder, connection, container, isPatch), null, Token);
            Assert.True(
                published.BytesSent <= (missing * 11 / 10) + 512, $"{point}: {published.BytesSent} bytes were sent, {missing} were missing.");
            Assert.Equal(NaiveContentHash.Of(top.Content), published.ContentHash);
        }

        Assert.True((await ReadAsync(store, name)).AsSpan().SequenceEqual(top.Content), $"{point}");
        BlobProperties? whole = await store.FindAsync(name, null, Token);
        Assert.Equal(NaiveContentHash.Of(top.Content), whole?.Metadata[BlobMetadata.ContentHash]);
    }

    private static async Task<byte[]> ReadAsync(IBlobStore store, BlobName name)
    {
        byte[] bytes = new byte[DiskLength];
        for (int offset = 0; offset < bytes.Length; offset += 4 * MiB)
        {
            await store.ReadAsync(name, null, offset, bytes.AsMemory(offset, 4 * MiB), default, Token);
        }

        return bytes;
    }

    /// <summary>How many bytes lie in leaves of 64 KiB that differ.</summary>
    private static long Missing(ReferenceDisk disk, byte[] blob)
    {
        long missing = 0;
        for (int offset = 0; offset < DiskLength; offset += 65536)
        {
            missing += disk.Content.AsSpan(offset, 65536).SequenceEqual(blob.AsSpan(offset, 65536)) ? 0 : 65536;
        }

        return missing;
    }
}
