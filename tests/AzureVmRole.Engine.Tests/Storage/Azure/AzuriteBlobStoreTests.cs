using AzureVmRole.Engine.Storage;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>What every store has to do, done by the Azure store against a real Azurite.</summary>
public sealed class AzuriteBlobStoreTests(AzuriteFixture azurite) : BlobStoreTests
{
    protected override async Task<IBlobStore> OpenAsync()
    {
        AzuriteServer server = await azurite.StartAsync();
        return AzureTestStores.Open(server.Host);
    }

    protected override string? WhyLacking(StoreCapability capability) => capability switch
    {
        StoreCapability.ManualTime => "Azurite's clock is the machine's.",
        StoreCapability.RenewAfterEnd => "Azurite's clock is the machine's: a lease cannot be let run out.",
        StoreCapability.PageCopy => "Azurite 3.35.0 answers 501 to Put Page From URL.",
        StoreCapability.Difference => "Azurite 3.35.0 does not look at prevsnapshot.",
        StoreCapability.EndlessLeaseForCopies => "Azurite 3.35.0 copies to a blob under any lease.",
        _ => null,
    };

    protected override Task EndLeaseAsync(BlobName name, TimeSpan duration) => Store.BreakLeaseAsync(name, TimeSpan.Zero, default, Token);
}
