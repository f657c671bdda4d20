using System.Net;
using AzureVmRole.Fabric.Operations;

namespace AzureVmRole.Daemon.Arm;

/// <summary>The one place that knows which status an error has.</summary>
internal static class ErrorStatuses
{
    /// <summary>The status of an error of the fabric.</summary>
    public static HttpStatusCode Of(FabricException exception) => exception.Code switch
    {
        // 507 is the one of the 5xx that clients do not repeat: room does not come by itself.
        ErrorCode.InsufficientSpace => HttpStatusCode.InsufficientStorage,
        ErrorCode.FabricBusy when exception.Status == HttpStatusCode.InternalServerError => HttpStatusCode.ServiceUnavailable,
        _ => exception.Status,
    };

    /// <summary>The error of an operation that failed after its request was accepted.</summary>
    public static FabricException Of(Operation operation)
    {
        string code = operation.ErrorCode ?? (operation.Status == OperationStatus.Canceled ? "OperationPreempted" : "InternalServerError");
        HttpStatusCode status = code switch
        {
            "InternalServerError" => HttpStatusCode.InternalServerError,
            "ResourceNotFound" or "ResourceGroupNotFound" or "NotFound" => HttpStatusCode.NotFound,
            "InvalidParameter" or "BadRequest" => HttpStatusCode.BadRequest,
            _ => HttpStatusCode.Conflict,
        };
        string message = operation.ErrorMessage
            ?? (operation.Status == OperationStatus.Canceled ? "Another request on the same resource took the place of this one." : "The operation failed.");
        return new FabricException(status, code, operation.ResourceId.Name, message);
    }
}
