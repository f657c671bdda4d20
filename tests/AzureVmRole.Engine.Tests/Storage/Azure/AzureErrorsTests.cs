using System.Net.Sockets;
using System.Xml;
using Azure;
using Azure.Identity;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Engine.Storage.Azure;
using Xunit;

namespace AzureVmRole.Engine.Tests.Storage.Azure;

public sealed class AzureErrorsTests
{
    private const string Target = "https://acc.blob.core.windows.net/vhds/x.vhd";

    private static readonly Uri Endpoint = new("https://acc.blob.core.windows.net/");
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    [Theory]
    [InlineData(404, "BlobNotFound", ErrorCode.BlobNotFound)]
    [InlineData(404, null, ErrorCode.BlobNotFound)]
    [InlineData(404, "ContainerNotFound", ErrorCode.ContainerNotFound)]
    [InlineData(409, "ContainerBeingDeleted", ErrorCode.ContainerNotFound)]
    [InlineData(404, "CannotVerifyCopySource", ErrorCode.BlobNotFound)]
    [InlineData(412, "CannotVerifyCopySource", ErrorCode.BlobChanged)]
    [InlineData(403, "CannotVerifyCopySource", ErrorCode.CopyFailed)]
    [InlineData(409, "BlobAlreadyExists", ErrorCode.BlobExists)]
    [InlineData(403, "UnauthorizedBlobOverwrite", ErrorCode.BlobExists)]
    [InlineData(412, "LeaseIdMissing", ErrorCode.BlobLeased)]
    [InlineData(409, "LeaseAlreadyPresent", ErrorCode.BlobLeased)]
    [InlineData(412, "LeaseIdMismatchWithBlobOperation", ErrorCode.LeaseLost)]
    [InlineData(412, "LeaseLost", ErrorCode.LeaseLost)]
    [InlineData(412, "ConditionNotMet", ErrorCode.BlobChanged)]
    [InlineData(409, "SnapshotsPresent", ErrorCode.BlobHasSnapshots)]
    [InlineData(409, "PendingCopyOperation", ErrorCode.BlobInUse)]
    [InlineData(409, "InvalidBlobType", ErrorCode.BlobTypeUnsuitable)]
    [InlineData(416, "InvalidPageRange", ErrorCode.BlobSizeMismatch)]
    [InlineData(400, "Md5Mismatch", ErrorCode.ContentHashMismatch)]
    [InlineData(409, "BlobImmutableDueToPolicy", ErrorCode.StoreRefused)]
    [InlineData(400, "InvalidHeaderValue", ErrorCode.StoreRefused)]
    [InlineData(403, "AuthenticationFailed", ErrorCode.AuthenticationFailed)]
    [InlineData(401, null, ErrorCode.AuthenticationFailed)]
    [InlineData(403, "AuthorizationPermissionMismatch", ErrorCode.AuthorizationFailed)]
    [InlineData(403, "AuthorizationFailure", ErrorCode.AuthorizationFailed)]
    [InlineData(500, "InternalError", ErrorCode.StoreBusy)]
    [InlineData(503, "ServerBusy", ErrorCode.StoreBusy)]
    [InlineData(504, null, ErrorCode.StoreBusy)]
    [InlineData(429, null, ErrorCode.StoreBusy)]
    [InlineData(501, "APINotImplemented", ErrorCode.StoreUnsupported)]
    [InlineData(302, null, ErrorCode.StoreAnswerInvalid)]
    public void Map_Answer_HasCodeStatusAndWords(int status, string? serviceCode, ErrorCode expected)
    {
        TransferException mapped = ByKey().Map(new RequestFailedException(status, "Theirs", serviceCode, null), "read", Target);

        Assert.Equal((expected, status, serviceCode), (mapped.Code, mapped.Status, mapped.ServiceCode));
        Assert.Equal(Target, mapped.Target);
        Assert.StartsWith($"Could not read '{Target}': ", mapped.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Theirs", mapped.Message, StringComparison.Ordinal);
        Assert.Null(mapped.InnerException);
    }

    public static TheoryData<string, Exception, ErrorCode> Failures() => new()
    {
        { "name", new HttpRequestException(HttpRequestError.NameResolutionError), ErrorCode.StoreUnreachable },
        { "refused", new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException(111)), ErrorCode.StoreUnreachable },
        { "tls", new HttpRequestException(HttpRequestError.SecureConnectionError), ErrorCode.StoreUnreachable },
        { "cut", new IOException("x"), ErrorCode.StoreUnreachable },
        { "protocol", new HttpRequestException(HttpRequestError.InvalidResponse), ErrorCode.StoreAnswerInvalid },
        { "wrapped", new RequestFailedException(0, "x", null, new HttpRequestException(HttpRequestError.NameResolutionError)), ErrorCode.StoreUnreachable },
        { "retries", new AggregateException(new IOException("x"), new RequestFailedException(0, "x", null, new TaskCanceledException())), ErrorCode.StoreBusy },
        { "time", new TaskCanceledException(), ErrorCode.StoreBusy },
        { "answer", new XmlException("x"), ErrorCode.StoreAnswerInvalid },
        { "token", new AuthenticationFailedException("x"), ErrorCode.AuthenticationFailed },
        { "no token", new CredentialUnavailableException("x"), ErrorCode.AuthenticationFailed },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void Map_Failure_HasCode(string what, Exception failure, ErrorCode expected)
    {
        Assert.True(AzureErrors.IsKnown(failure), what);
        Assert.Equal(expected, ByKey().Map(failure, "read", Target).Code);
    }

    [Fact]
    public void IsKnown_Defect_False() => Assert.False(AzureErrors.IsKnown(new InvalidCastException()));

    [Theory]
    [InlineData("se=2026-05-04T03%3A02%3A00Z&sig=AA", "expired at 2026-05-04 03:02:00 UTC")]
    [InlineData("st=2026-05-04T04%3A00%3A00Z&se=2027-01-01&sig=AA", "valid only from 2026-05-04 04:00:00 UTC")]
    [InlineData("se=2027-01-01&sig=AA", "does not accept the shared access signature")]
    [InlineData("sig=AA", "does not accept the shared access signature")]
    public void Map_SignatureRefused_SaysWhy(string signature, string reason)
    {
        TransferException mapped = BySignature(signature).Map(new RequestFailedException(403, "x", "AuthenticationFailed", null), "read", Target);

        Assert.Equal(ErrorCode.AuthenticationFailed, mapped.Code);
        Assert.Contains(reason, mapped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Map_PermissionMissingWithAzureAd_NamesTheRole()
    {
        var errors = new AzureErrors(AzureAuthorization.Choose(Endpoint, null, new StoreConnection()), () => Now);

        TransferException mapped = errors.Map(new RequestFailedException(403, "x", "AuthorizationPermissionMismatch", null), "read", Target);

        Assert.Contains("Storage Blob Data Contributor", mapped.RecommendedAction, StringComparison.Ordinal);
    }

    private static AzureErrors ByKey() => new(
        AzureAuthorization.Choose(Endpoint, null, new StoreConnection { AccountKey = Convert.ToBase64String(new byte[64]) }), () => Now);

    private static AzureErrors BySignature(string signature) => new(AzureAuthorization.Choose(Endpoint, signature, new StoreConnection()), () => Now);
}
