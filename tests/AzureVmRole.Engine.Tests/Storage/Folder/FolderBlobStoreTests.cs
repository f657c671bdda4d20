using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Folder;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Folder;

public sealed class FolderBlobStoreTests : BlobStoreTests
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    protected override Task<IBlobStore> OpenAsync() => Task.FromResult<IBlobStore>(FolderBlobStore.Open(_folder.Path, _clock));

    protected override ValueTask CloseAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override string? WhyLacking(StoreCapability capability) => null;

    protected override Task EndLeaseAsync(BlobName name, TimeSpan duration)
    {
        _clock.Advance(duration);
        return Task.CompletedTask;
    }
}
