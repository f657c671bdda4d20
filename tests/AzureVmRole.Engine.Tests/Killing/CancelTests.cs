using System.Diagnostics;
using AzureVmRole.KillTarget;
using Xunit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>Whatever is cancelled at whatever point leaves the old disk (a merge in place: what finishes it) and no debris.</summary>
public sealed class CancelTests
{
    private const int TimedPoints = 3;

    public static TheoryData<string> Names => KillTests.Names;

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Names))]
    public async Task Cancel_AtAnyPoint_OldDiskAndNoDebris(string name)
    {
        KillCase killCase = KillCases.All.Single(candidate => candidate.Name == name);
        using var folder = new DiskFolder();
        await killCase.PrepareAsync(folder);
        using DiskFolder finished = folder.Copy();
        var progress = new CountedProgress(0, () => { });
        long start = Stopwatch.GetTimestamp();
        await Operation.RunAsync(killCase.WordsIn(finished), progress, TestContext.Current.CancellationToken);
        TimeSpan duration = Stopwatch.GetElapsedTime(start);

        var random = new Random(name.Length);
        await CancelAsync(killCase, folder, finished, cancellation => cancellation.Cancel());
        foreach (int report in new[] { 1, (progress.Count + 1) / 2, progress.Count }.Where(report => report > 0).Distinct())
        {
            await CancelAsync(killCase, folder, finished, _ => { }, report);
        }

        for (int point = 0; point < TimedPoints; point++)
        {
            TimeSpan delay = duration * random.NextDouble();
            await CancelAsync(killCase, folder, finished, cancellation => cancellation.CancelAfter(delay));
        }
    }

    private static async Task CancelAsync(
        KillCase killCase, DiskFolder folder, DiskFolder finished, Action<CancellationTokenSource> arm, int report = 0)
    {
        using DiskFolder copy = folder.Copy();
        using var cancellation = new CancellationTokenSource();
        arm(cancellation);
        bool isCancelled = false;
        try
        {
            await Operation.RunAsync(
                killCase.WordsIn(copy), new CountedProgress(report, cancellation.Cancel), cancellation.Token);
        }
        catch (OperationCanceledException exception)
        {
            isCancelled = true;
            Assert.Equal(cancellation.Token, exception.CancellationToken);
        }

        var before = FolderState.Read(folder);
        var after = FolderState.Read(finished);
        var now = FolderState.Read(copy);
        if (killCase is { MergedTop: { } top, MergeTarget: { } target })
        {
            Assert.True(now[top] == before[top] || now[target] == after[target], $"Report {report}: {now[top]}, {now[target]}");
            if (isCancelled)
            {
                await Operation.RunAsync(killCase.WordsIn(copy), null, TestContext.Current.CancellationToken);
            }

            Assert.Equal(finished.Names, copy.Names);
            return;
        }

        FolderState expected = isCancelled ? before : after;
        Assert.Equal(isCancelled ? folder.Names : finished.Names, copy.Names);
        Assert.All(expected.Names, name => Assert.Equal(expected[name], now[name]));
        if (isCancelled)
        {
            Assert.All(folder.Names, name => Assert.True(copy.HasSameFile(name, folder), name));
        }
    }
}
