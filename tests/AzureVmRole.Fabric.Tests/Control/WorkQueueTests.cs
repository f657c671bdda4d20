using System.Collections.Concurrent;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Control;

public sealed class WorkQueueTests
{
    private const int Keys = 50;
    private const int Adders = 6;
    private const int Workers = 8;
    private const int AddsEach = 4_000;

    [Fact(Timeout = 120_000)]
    public async Task TakeAsync_ManyThreadsAddAndWork_NoneTwiceAtOnceAndNoneLost()
    {
        using var queue = new WorkQueue();
        using var end = new CancellationTokenSource();
        ResourceId[] ids = [.. Enumerable.Range(0, Keys).Select(index => TestParts.Id(ResourceType.Disks, $"d{index}"))];
        int[] atWork = new int[Keys];
        int[] asked = new int[Keys];
        int[] seen = new int[Keys];
        var twice = new ConcurrentBag<string>();

        Task[] workers = [.. Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync, TestContext.Current.CancellationToken))];
        Task[] adders = [.. Enumerable.Range(0, Adders).Select(seed => Task.Run(() => Add(seed), TestContext.Current.CancellationToken))];
        await Task.WhenAll(adders);
        // What was asked for last is seen by whoever takes it later: the queue is empty when every count has been seen.
        while (!Enumerable.Range(0, Keys).All(index => Volatile.Read(ref seen[index]) == Volatile.Read(ref asked[index])))
        {
            await Task.Yield();
        }

        await end.CancelAsync();
        await Task.WhenAll(workers);

        Assert.Empty(twice);
        Assert.Equal(Adders * AddsEach, asked.Sum());

        void Add(int seed)
        {
            var random = new Random(seed);
            for (int count = 0; count < AddsEach; count++)
            {
                int index = random.Next(Keys);
                Interlocked.Increment(ref asked[index]);
                queue.Add(ids[index]);
            }
        }

        async Task WorkAsync()
        {
            while (!end.IsCancellationRequested)
            {
                ResourceId id;
                try
                {
                    id = await queue.TakeAsync(end.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                int index = int.Parse(id.Name[1..], System.Globalization.CultureInfo.InvariantCulture);
                if (Interlocked.Increment(ref atWork[index]) != 1)
                {
                    twice.Add(id.Name);
                }

                Volatile.Write(ref seen[index], Volatile.Read(ref asked[index]));
                await Task.Yield();
                Interlocked.Decrement(ref atWork[index]);
                queue.Done(id);
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Done_AddedWhileWorkedOn_IsGivenOnceMore()
    {
        using var queue = new WorkQueue();
        ResourceId id = TestParts.Id(ResourceType.Disks, "d");
        queue.Add(id);
        queue.Add(id);
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        queue.Add(id);
        queue.Add(id);
        Task<ResourceId> next = queue.TakeAsync(TestContext.Current.CancellationToken);

        Assert.False(next.IsCompleted);
        queue.Done(id);
        Assert.Equal(id, await next);
        queue.Done(id);

        using var ended = new CancellationTokenSource();
        Task<ResourceId> none = queue.TakeAsync(ended.Token);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => none);
    }
}
