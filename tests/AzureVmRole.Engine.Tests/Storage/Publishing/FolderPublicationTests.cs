using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Tests.Storage.Publishing;

/// <summary>Publishing to a folder.</summary>
public sealed class FolderPublicationTests : DiskPublicationTests
{
    protected override Task<StoreConnection> ConnectAsync() => Task.FromResult(new StoreConnection { FolderPath = Folder["store"] });
}
