using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Publishing;
using AzureVmRole.TestKit.Faults;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Faults;

/// <summary>What becomes of an upload's lease when the store refuses to renew it.</summary>
public sealed class UploadLeaseFaultTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Dispose_EndlessLeaseWasNotRenewed_GivenBackAllTheSame()
    {
        await using FaultyStore store = await FaultyStore.StartAsync(azurite);
        OpenedBlob blob = BlobStores.Open(store.Address(), store.Connection);
        await using (blob)
        {
            BlobName name = blob.RequireBlob();
            await blob.Store.CreateAsync(name, 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Token);
            FaultRule refusal = store.Proxy.Add(new FaultRule
            {
                When = request => request.Operation == "PUT lease renew",
                Fault = new Fault { Answer = new InjectedAnswer(403, "AuthenticationFailed") },
            });
            var isLost = new TaskCompletionSource();
            UploadLease lease = await UploadLease.TakeAsync(
                blob.Store, name, Guid.NewGuid().ToString("D"), default, new EagerClock(TimeSpan.FromSeconds(10)), Token);
            await using (lease)
            {
                await lease.ExtendAsync(Token);
                await using CancellationTokenRegistration noted = lease.Lost.Register(isLost.SetResult);
                await isLost.Task.WaitAsync(Token);
                Assert.True((await blob.Store.FindAsync(name, snapshot: null, Token))?.LeaseIsInfinite);
            }

            Assert.Equal(1, refusal.Fired);
            Assert.Equal(BlobLeaseState.Available, (await blob.Store.FindAsync(name, snapshot: null, Token))?.LeaseState);
        }
    }

    /// <summary>A clock on which waits of one length are over at once.</summary>
    private sealed class EagerClock(TimeSpan length) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == length ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}
