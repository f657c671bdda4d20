using System.Collections.Frozen;

namespace AzureVmRole.Engine.Storage.Azure;

/// <summary>The service's error codes ("Blob service error codes", "Common REST API error codes") and the engine's.</summary>
internal static class AzureErrorCodes
{
    private static readonly FrozenDictionary<string, ErrorCode> Known = new Dictionary<string, ErrorCode>(StringComparer.Ordinal)
    {
        ["BlobNotFound"] = ErrorCode.BlobNotFound,
        ["ResourceNotFound"] = ErrorCode.BlobNotFound,
        ["ContainerNotFound"] = ErrorCode.ContainerNotFound,
        ["ContainerBeingDeleted"] = ErrorCode.ContainerNotFound,
        ["BlobAlreadyExists"] = ErrorCode.BlobExists,
        ["UnauthorizedBlobOverwrite"] = ErrorCode.BlobExists,
        ["LeaseAlreadyPresent"] = ErrorCode.BlobLeased,
        ["LeaseIdMissing"] = ErrorCode.BlobLeased,
        ["InfiniteLeaseDurationRequired"] = ErrorCode.BlobLeased,
        ["LeaseIsBreakingAndCannotBeAcquired"] = ErrorCode.BlobLeased,
        ["LeaseAlreadyBroken"] = ErrorCode.LeaseLost,
        ["LeaseIsBreakingAndCannotBeChanged"] = ErrorCode.LeaseLost,
        ["LeaseIsBrokenAndCannotBeRenewed"] = ErrorCode.LeaseLost,
        ["LeaseLost"] = ErrorCode.LeaseLost,
        ["LeaseIdMismatchWithBlobOperation"] = ErrorCode.LeaseLost,
        ["LeaseIdMismatchWithLeaseOperation"] = ErrorCode.LeaseLost,
        ["LeaseNotPresentWithBlobOperation"] = ErrorCode.LeaseLost,
        ["LeaseNotPresentWithLeaseOperation"] = ErrorCode.LeaseLost,
        ["ConditionNotMet"] = ErrorCode.BlobChanged,
        ["TargetConditionNotMet"] = ErrorCode.BlobChanged,
        ["SourceConditionNotMet"] = ErrorCode.BlobChanged,
        ["SequenceNumberConditionNotMet"] = ErrorCode.BlobChanged,
        ["BlobOverwritten"] = ErrorCode.BlobChanged,
        ["SnapshotsPresent"] = ErrorCode.BlobHasSnapshots,
        ["PendingCopyOperation"] = ErrorCode.BlobInUse,
        ["InvalidBlobType"] = ErrorCode.BlobTypeUnsuitable,
        ["InvalidSourceBlobType"] = ErrorCode.BlobTypeUnsuitable,
        ["InvalidPageRange"] = ErrorCode.BlobSizeMismatch,
        ["InvalidRange"] = ErrorCode.BlobSizeMismatch,
        ["Md5Mismatch"] = ErrorCode.ContentHashMismatch,
        ["CopyIdMismatch"] = ErrorCode.CopyFailed,
        ["CopyAcrossAccountsNotSupported"] = ErrorCode.CopyFailed,
        ["AuthenticationFailed"] = ErrorCode.AuthenticationFailed,
        ["InvalidAuthenticationInfo"] = ErrorCode.AuthenticationFailed,
        ["NoAuthenticationInformation"] = ErrorCode.AuthenticationFailed,
        ["InvalidResourceName"] = ErrorCode.AddressInvalid,
        ["OutOfRangeInput"] = ErrorCode.AddressInvalid,
        ["InvalidUri"] = ErrorCode.AddressInvalid,
        ["ServerBusy"] = ErrorCode.StoreBusy,
        ["OperationTimedOut"] = ErrorCode.StoreBusy,
        ["InternalError"] = ErrorCode.StoreBusy,
        ["SnapshotOperationRateExceeded"] = ErrorCode.StoreBusy,
        ["APINotImplemented"] = ErrorCode.StoreUnsupported,
        ["FeatureVersionMismatch"] = ErrorCode.StoreUnsupported,
        ["UnsupportedHttpVerb"] = ErrorCode.StoreUnsupported,
        ["PreviousSnapshotOperationNotSupported"] = ErrorCode.StoreUnsupported,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What a code means in plain words, and what can be done.</summary>
    private static readonly FrozenDictionary<ErrorCode, (string Reason, string? Action)> Words = new Dictionary<ErrorCode, (string Reason, string? Action)>
    {
        [ErrorCode.BlobNotFound] = ("the blob does not exist", "Check the name; names are case-sensitive."),
        [ErrorCode.ContainerNotFound] = ("the container does not exist", "Check the name, or make the container."),
        [ErrorCode.BlobExists] = ("the blob exists", "Use -Overwrite to replace it."),
        [ErrorCode.BlobLeased] = ("somebody else holds a lease on the blob", "Wait until the lease ends, or find out who holds it (Get-VhdBlob)."),
        [ErrorCode.LeaseLost] = ("the lease that this operation held is gone: it expired, or somebody broke it or took another", "Find out who uses the blob, then start again."),
        [ErrorCode.BlobChanged] = ("somebody changed the blob in the meantime", "Find out who uses the blob, then start again."),
        [ErrorCode.BlobHasSnapshots] = ("the blob has snapshots", "Delete the snapshots first, or ask for them to be deleted, too."),
        [ErrorCode.BlobInUse] = ("a copy to the blob is under way", "Wait until it ends, or abort it."),
        [ErrorCode.BlobTypeUnsuitable] = ("the blob is no page blob", "Name a page blob; a disk in a block blob has to be uploaded again."),
        [ErrorCode.BlobSizeMismatch] = ("the range lies outside the blob, which is shorter than expected", "Find out who changed the blob, then start again."),
        [ErrorCode.ContentHashMismatch] = ("what arrived is not what was sent, also after retries", "Check the network and this machine's memory."),
        [ErrorCode.CopyFailed] = ("the service cannot read the copy's source", "Check that the source exists and that its signature is still valid."),
        [ErrorCode.AddressInvalid] = ("the service does not accept the name", "Check the container's and the blob's names."),
        [ErrorCode.StoreBusy] = ("the service is too busy or too slow, also after retries", "Try again later, or with a smaller -NumberOfThreads."),
        [ErrorCode.StoreUnsupported] = ("the service does not have this capability", null),
        [ErrorCode.StoreAnswerInvalid] = ("the answer is none that a blob service gives", "Check the address, and that no proxy answers in the service's place."),
    }.ToFrozenDictionary();

    /// <summary>The engine's code; what the service names decides before the status does.</summary>
    public static ErrorCode Find(int status, string? serviceCode) => serviceCode == "CannotVerifyCopySource"
        ? status switch
        {
            404 => ErrorCode.BlobNotFound,
            412 => ErrorCode.BlobChanged,
            _ => ErrorCode.CopyFailed,
        }
        : serviceCode is not null && Known.TryGetValue(serviceCode, out ErrorCode code)
        ? code
        : status switch
        {
            401 => ErrorCode.AuthenticationFailed,
            403 => ErrorCode.AuthorizationFailed,
            404 => ErrorCode.BlobNotFound,
            412 => ErrorCode.BlobChanged,
            416 => ErrorCode.BlobSizeMismatch,
            501 => ErrorCode.StoreUnsupported,
            >= 400 and < 500 when !AzureTraffic.IsBusy(status) => ErrorCode.StoreRefused,
            >= 400 and < 600 => ErrorCode.StoreBusy,
            _ => ErrorCode.StoreAnswerInvalid,
        };

    /// <summary>What a code means in plain words, and what can be done; the service's own code may tell more.</summary>
    public static (string Reason, string? Action) Explain(ErrorCode code, string? serviceCode) => serviceCode switch
    {
        "ContainerBeingDeleted" => ("the container is being deleted", "Wait until it is gone, or use another one."),
        _ when Words.TryGetValue(code, out (string Reason, string? Action) words) => words,
        "BlobImmutableDueToPolicy" => ("a retention policy or a legal hold protects the blob", "Wait until the policy ends, or ask its owner."),
        _ => ("the service refuses it", "Look the service's error code up."),
    };
}
