using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using AzureVmRole.TestKit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

/// <summary>Stores over a test's server with pauses of milliseconds.</summary>
internal static class AzureTestStores
{
    public static AzureRetryTimes Quick { get; } =
        new(4, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(20));

    public static AzureBlobStore Open(Uri host, StoreConnection? connection = null, string? signature = null, AzureRetryTimes? times = null)
    {
        var endpoint = new Uri(host, AzuriteServer.Account);
        StoreConnection chosen = connection ?? new StoreConnection();
        return new AzureBlobStore(endpoint, AzureAuthorization.Choose(endpoint, signature, chosen), chosen, TimeProvider.System, times ?? Quick);
    }
}
