using System.Globalization;
using AzureVmRole.KillTarget;
using Xunit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>
/// Whatever is killed at whatever point leaves the old disk or the new one, never neither, and running it again ends as if
/// nothing had happened. AZVMROLE_KILL_POINTS sets the number of points of each operation.
/// </summary>
public sealed class KillTests
{
    private const int PointsByDefault = 6;

    private static readonly string[] UnfinishedMerge = [nameof(ErrorCode.MergeInterrupted), nameof(ErrorCode.ParentModified)];

    public static TheoryData<string> Names => [.. KillCases.All.Select(killCase => killCase.Name)];

    [Theory(Timeout = 1_800_000)]
    [MemberData(nameof(Names))]
    public async Task Kill_AtAnyPoint_OldOrNewAndSecondRunFinishes(string name)
    {
        KillCase killCase = KillCases.All.Single(candidate => candidate.Name == name);
        using var folder = new DiskFolder();
        await killCase.PrepareAsync(folder);
        var before = FolderState.Read(folder);
        using DiskFolder finished = folder.Copy();
        (int calls, TimeSpan duration) = await MeasureAsync(killCase, finished);
        var after = FolderState.Read(finished);
        Assert.Contains(finished.Names, file => !File.Exists(folder[file]) || !folder.HasSameFile(file, finished));

        int count = int.Parse(
            Environment.GetEnvironmentVariable("AZVMROLE_KILL_POINTS") ?? $"{PointsByDefault}", CultureInfo.InvariantCulture);
        int killed = 0;
        foreach (KillPoint point in KillPoint.Spread(count, calls, duration, seed: name.Length))
        {
            using DiskFolder copy = folder.Copy();
            killed += await KillAsync(killCase, copy, point) ? 1 : 0;
            AssertOldOrNew(killCase, copy, before, after, point);
            await RunAgainAsync(killCase, copy, finished, after, point);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {calls} calls in {duration.TotalMilliseconds:F0} ms, {count} points, {killed} killed before the end");
    }

    private static async Task<(int Calls, TimeSpan Duration)> MeasureAsync(KillCase killCase, DiskFolder folder)
    {
        using var process = new TargetProcess(killCase.WordsIn(folder));
        string countPath = Path.Combine(Path.GetTempPath(), $"azvmrole-calls-{Guid.NewGuid():N}");
        string? library = await KillShim.FindAsync();
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

        int calls = int.Parse(
            await File.ReadAllTextAsync(countPath, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
        File.Delete(countPath);
        return (calls, process.Duration);
    }

    private static async Task<bool> KillAsync(KillCase killCase, DiskFolder folder, KillPoint point)
    {
        using var process = new TargetProcess(killCase.WordsIn(folder));
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

    private static void AssertOldOrNew(
        KillCase killCase, DiskFolder folder, FolderState before, FolderState after, KillPoint point)
    {
        var now = FolderState.Read(folder);
        foreach (string name in before.Names.Concat(after.Names).Concat(now.Names))
        {
            string shown = now[name];
            bool isRefused = killCase.MergedTop is not null && Array.IndexOf(UnfinishedMerge, shown) >= 0;

            // For a moment at the very end the plan stands in the place of the top disk.
            isRefused |= killCase.MergedTop == name && shown == nameof(ErrorCode.VhdFooterMissing);
            Assert.True(
                shown == before[name] || shown == after[name] || isRefused,
                $"{point}: '{name}' shows {shown}; old {before[name]}, new {after[name]}. Files: {string.Join(", ", folder.Names)}");
        }

        if (killCase is { MergedTop: { } top, MergeTarget: { } target })
        {
            Assert.True(
                now[top] == before[top] || now[target] == after[target],
                $"{point}: neither '{top}' ({now[top]}) nor '{target}' ({now[target]}) shows what is merged.");
        }
    }

    private static async Task RunAgainAsync(
        KillCase killCase, DiskFolder folder, DiskFolder finished, FolderState after, KillPoint point)
    {
        // A merge that was killed after its last step has nothing left to run on.
        if (killCase.MergedTop is not { } top || File.Exists(folder[top]) || File.Exists(folder[top + ".azvmrole-merge"]))
        {
            await Operation.RunAsync(killCase.WordsIn(folder), null, TestContext.Current.CancellationToken);
        }

        var now = FolderState.Read(folder);
        Assert.All(after.Names, name => Assert.True(now[name] == after[name], $"{point}: '{name}' shows {now[name]} after the second run."));
        Assert.True(finished.Names.AsSpan().SequenceEqual(folder.Names), $"{point}: left after the second run: {string.Join(", ", folder.Names)}");
    }
}
