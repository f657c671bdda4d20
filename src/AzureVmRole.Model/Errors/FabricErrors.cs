using System.Net;

namespace AzureVmRole;

/// <summary>The one place that knows which of our error codes an error of Azure Resource Manager is.</summary>
public static class FabricErrors
{
    private static readonly Dictionary<string, ErrorCode> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AllocationFailed"] = ErrorCode.AllocationFailed,
        ["OverconstrainedAllocationRequest"] = ErrorCode.AllocationFailed,
        ["ZonalAllocationFailed"] = ErrorCode.AllocationFailed,
        ["SkuNotAvailable"] = ErrorCode.AllocationFailed,
        ["QuotaExceeded"] = ErrorCode.AllocationFailed,
        ["HostNotAvailable"] = ErrorCode.FabricNotInstalled,
        ["OperationNotAllowed"] = ErrorCode.OperationNotAllowed,
        ["PropertyChangeNotAllowed"] = ErrorCode.OperationNotAllowed,
        ["AttachDiskWhileBeingDetached"] = ErrorCode.ResourceInUse,
        ["ConflictingUserInput"] = ErrorCode.ResourceInUse,
        ["DiskInUse"] = ErrorCode.ResourceInUse,
        ["ResourceInUse"] = ErrorCode.ResourceInUse,
        ["InsufficientStorage"] = ErrorCode.InsufficientSpace,
        ["PreconditionFailed"] = ErrorCode.ResourceChanged,
        ["AuthenticationFailed"] = ErrorCode.AuthenticationFailed,
        ["InvalidAuthenticationToken"] = ErrorCode.AuthenticationFailed,
        ["AuthorizationFailed"] = ErrorCode.AuthorizationFailed,
        ["OSProvisioningTimedOut"] = ErrorCode.ProvisioningFailed,
        ["OSProvisioningClientError"] = ErrorCode.ProvisioningFailed,
        ["OSProvisioningInternalError"] = ErrorCode.ProvisioningFailed,
        ["VMStartTimedOut"] = ErrorCode.ProvisioningFailed,
    };

    /// <summary>Our code for an answer.</summary>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="azureCode">The error code in its body; empty for none.</param>
    public static ErrorCode CodeFor(HttpStatusCode status, string azureCode) => Known.TryGetValue(azureCode, out ErrorCode code)
        ? code
        : status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType => ErrorCode.RequestInvalid,
            HttpStatusCode.Unauthorized => ErrorCode.AuthenticationFailed,
            HttpStatusCode.Forbidden => ErrorCode.AuthorizationFailed,
            HttpStatusCode.NotFound => ErrorCode.ResourceNotFound,
            HttpStatusCode.Conflict => ErrorCode.ResourceConflict,
            HttpStatusCode.PreconditionFailed => ErrorCode.ResourceChanged,
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => ErrorCode.FabricBusy,
            HttpStatusCode.InsufficientStorage => ErrorCode.InsufficientSpace,
            _ => ErrorCode.FabricFailed,
        };
}
