using System.Globalization;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage.Saving;
using AzureVmRole.Engine.Tests.Killing;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Saving;

/// <summary>
/// kill -9 of a download at whatever point leaves no file with the disk's name or the whole disk; the next run downloads no
/// more than what was missing and on its way. AZVMROLE_KILL_POINTS sets the number of points.
/// </summary>
public sealed class SaveKillTests(AzuriteFixture azurite)
{
    private const int PointsByDefault = 6;
    private const int ServicePointsByDefault = 2;
    private const int DiskSize = 48 << 20;
    private const int Threads = 2;
    private const string Name = "disk.vhd";

    private static readonly ReferenceDisk Content = new ReferenceDisk(DiskSize).Fill(0, DiskSize, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 1_800_000)]
    [InlineData(StoreRoom.Folder, VhdType.Fixed)]
    [InlineData(StoreRoom.Folder, VhdType.Dynamic)]
    [InlineData(StoreRoom.Azurite, VhdType.Fixed)]
    [InlineData(StoreRoom.Azurite, VhdType.Dynamic)]
    public async Task Kill_AtAnyPoint_NoHalfDiskAndTheRestIsDownloaded(string kind, VhdType type)
    {
        await using StoreRoom room = await StoreRoom.OpenAsync(kind, azurite);
        await room.PutAsync(Name, Content);
        (int calls, TimeSpan duration) = await MeasureAsync(room, type);
        int count = int.Parse(
            Environment.GetEnvironmentVariable("AZVMROLE_KILL_POINTS") ?? $"{(kind == StoreRoom.Folder ? PointsByDefault : ServicePointsByDefault)}", CultureInfo.InvariantCulture);
        int killed = 0;
        foreach (KillPoint point in KillPoint.Spread(count, calls, duration, seed: (int)type))
        {
            using var folder = new DiskFolder();
            killed += await KillAsync(room, folder, type, point) ? 1 : 0;
            await ResumeAsync(room, folder, type, point);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kind}, {type}: {calls} calls in {duration.TotalMilliseconds:F0} ms, {count} points, {killed} killed before the end");
    }

    private static string[] WordsFor(StoreRoom room, DiskFolder folder, VhdType type) =>
        ["save", room.Address(Name), folder[Name], $"{type}", room.Connection.FolderPath ?? room.Connection.ConnectionString ?? ""];

    private static async Task<(int Calls, TimeSpan Duration)> MeasureAsync(StoreRoom room, VhdType type)
    {
        using var folder = new DiskFolder();
        using var counts = new TemporaryFolder();
        using var process = new TargetProcess(WordsFor(room, folder, type));
        if (await KillShim.FindAsync() is not { } library)
        {
            await process.RunAsync();
            return (0, process.Duration);
        }

        KillShim.Arm(process, library, folder, default);
        process.Environment["KILL_COUNT"] = counts.File("calls");
        await process.RunAsync();
        Assert.StartsWith("done", process.Report, StringComparison.Ordinal);
        folder.AssertReads(Name, Content);
        return (int.Parse(await File.ReadAllTextAsync(counts.File("calls"), Token), CultureInfo.InvariantCulture), process.Duration);
    }

    private static async Task<bool> KillAsync(StoreRoom room, DiskFolder folder, VhdType type, KillPoint point)
    {
        using var process = new TargetProcess(WordsFor(room, folder, type));
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

    private static async Task ResumeAsync(StoreRoom room, DiskFolder folder, VhdType type, KillPoint point)
    {
        bool isWhole = folder.Names.Contains(Name, StringComparer.Ordinal);
        if (isWhole)
        {
            folder.AssertReads(Name, Content);
        }

        long arrived = 0;
        if (File.Exists(folder[Name + ".azvmrole-download"]))
        {
            using var file = DiskFile.OpenRead(folder[Name + ".azvmrole-download"]);
            arrived = file.GetAllocatedLength();
        }

        var log = new NotedLog();
        var options = new SaveOptions
        {
            Source = room.Address(Name),
            DestinationPath = folder[Name],
            Type = type,
            Overwrite = true,
            Connection = room.Connection with { Log = log },
        };
        await DiskSave.SaveAsync(options, null, Token);

        folder.AssertReads(Name, Content);
        Assert.True(folder.Names is [Name], $"{point}: left after the second run: {string.Join(", ", folder.Names)}");
        var tally = SaveTally.Of(log);
        Assert.Equal(DiskSize, tally.Read + tally.Kept);

        // A killed process has noted what it wrote, but for one piece on its way in each thread.
        Assert.True(
            isWhole || tally.Kept >= arrived - (Threads * Download.PieceSize) - 4096,
            $"{point}: {arrived} bytes had arrived, {tally.Kept} were kept.");
    }
}
