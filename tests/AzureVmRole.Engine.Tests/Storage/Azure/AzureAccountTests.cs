using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

public sealed class AzureAccountTests
{
    private const string Secret = "U2VjcmV0U2VjcmV0";

    [Theory]
    [InlineData($"AccountName=acc;AccountKey={Secret};nonsense")]
    [InlineData($"AccountName=acc;AccountKey={Secret}!")]
    [InlineData($"AccountKey={Secret}")]
    [InlineData($"BlobEndpoint=https://{Secret}@acc.blob.core.windows.net/{Secret}/x;AccountKey={Secret}")]
    [InlineData($"BlobEndpoint={Secret};AccountKey={Secret}")]
    public void Parse_Malformed_NamesWhereItStandsAndShowsNothingOfIt(string connectionString)
    {
        TransferException exception = Assert.Throws<TransferException>(() => AzureAccount.Parse(connectionString, "AZURE_STORAGE_CONNECTION_STRING"));

        Assert.Equal((ErrorCode.AddressInvalid, (object)"AZURE_STORAGE_CONNECTION_STRING"), (exception.Code, exception.Target));
        Assert.Contains("AZURE_STORAGE_CONNECTION_STRING", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-ConnectionString", null)]
    [InlineData("-SourceConnectionString", "-SourceConnectionString")]
    public void OpenStore_ConnectionStringMalformed_NamesTheParameter(string expected, string? giver)
    {
        var connection = new StoreConnection { ConnectionString = "nonsense" };
        TransferException exception = Assert.Throws<TransferException>(
            () => BlobStores.OpenStore(null, giver is null ? connection : connection with { ConnectionStringGiver = giver }));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
