using System.Net;

namespace AzureVmRole.Fabric.Media;

/// <summary>What a store says, in the words of the ARM dialect.</summary>
internal static class MediaErrors
{
    private const int LongestShown = 300;

    /// <summary>Whether trying again would end the same way.</summary>
    public static bool IsFinal(TransferException exception) => exception.Code != ErrorCode.StoreBusy;

    /// <summary>The error that an operation ends with.</summary>
    public static FabricException Of(TransferException exception)
    {
        (HttpStatusCode status, string code) = exception.Code switch
        {
            ErrorCode.BlobNotFound or ErrorCode.ContainerNotFound => (HttpStatusCode.NotFound, "BlobNotFound"),
            ErrorCode.BlobLeased or ErrorCode.LeaseLost or ErrorCode.BlobInUse => (HttpStatusCode.Conflict, "ResourceInUse"),
            ErrorCode.BlobExists or ErrorCode.BlobChanged or ErrorCode.BlobHasSnapshots => (HttpStatusCode.Conflict, "Conflict"),
            ErrorCode.InsufficientSpace => (HttpStatusCode.InsufficientStorage, "InsufficientStorage"),
            ErrorCode.AddressInvalid or ErrorCode.BlobTypeUnsuitable or ErrorCode.BlobSizeMismatch or ErrorCode.UploadIncomplete =>
                (HttpStatusCode.BadRequest, "InvalidParameter"),
            _ => (HttpStatusCode.InternalServerError, "StorageFailure"),
        };
        return new FabricException(status, code, exception.Target?.ToString() ?? "store", exception.Message, exception.RecommendedAction, exception);
    }

    /// <summary>A VHD that cannot be used, with everything that was found as details.</summary>
    public static FabricException Unfit(string field, VhdInspection inspection)
    {
        var errors = inspection.Findings.Where(finding => finding.Severity == FindingSeverity.Error).ToList();
        return new FabricException(
            HttpStatusCode.BadRequest, "InvalidParameter", field, $"'{inspection.Blob}' cannot be used as a disk: {string.Join(" ", errors.Select(finding => finding.Found))}",
            errors[0].Remedy)
        {
            Details = errors.Select(finding => new FabricException(
                HttpStatusCode.BadRequest, finding.RuleId, inspection.Blob, $"{finding.Found} Expected: {finding.Expected}", finding.Remedy)).ToList(),
        };
    }

    /// <summary>An address that names no blob which the request may use. Shown without its query, which can be a signature.</summary>
    public static FabricException BadAddress(string field, string address, string reason, string action) => new(
        HttpStatusCode.BadRequest, "InvalidParameter", field, $"The address '{Shown(address)}' cannot be used: {reason}.", action);

    /// <summary>An address as errors show it: nothing that authorises is in it.</summary>
    public static string Shown(string address)
    {
        string shown = address.Split('?', '#')[0];
        if (Uri.TryCreate(shown, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Length > 0)
        {
            shown = shown.Replace(uri.UserInfo, "…", StringComparison.Ordinal);
        }

        return shown.Length <= LongestShown ? shown : shown[..LongestShown] + "…";
    }

    /// <summary>There is no such blob.</summary>
    public static FabricException NoBlob(string field, string blob, string location) => new(
        HttpStatusCode.BadRequest, "InvalidParameter", field, $"There is no blob '{Shown(blob)}' in the store of location '{location}'.",
        "Publish the VHD there with Publish-BaseVhd, or correct the address.");
}
