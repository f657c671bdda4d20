using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>The one place that makes an <see cref="ErrorRecord"/>: id, category, target and recommended action of every error.</summary>
internal static class ErrorRecords
{
    private const string DefectAction =
        "Report this as a defect of AzureVmRole, with the output of 'Get-Error' and the command that was run.";

    /// <summary>The record of an error that the module raised on purpose.</summary>
    public static ErrorRecord From(AzureVmRoleException error) =>
        Create(error, error.Code, error.Target, error.RecommendedAction);

    /// <summary>The record of a failure nobody foresaw.</summary>
    public static ErrorRecord FromDefect(Exception error, object target) =>
        Create(error, ErrorCode.InternalError, target, DefectAction);

    /// <summary>PowerShell's category of an error code.</summary>
    public static ErrorCategory CategoryOf(ErrorCode code) => code switch
    {
        ErrorCode.InternalError => ErrorCategory.InvalidResult,
        ErrorCode.InvalidArgument
            or ErrorCode.PathIsFolder
            or ErrorCode.PathNotFileSystem
            or ErrorCode.DiskSizeUnaligned => ErrorCategory.InvalidArgument,
        ErrorCode.FileNotFound
            or ErrorCode.FolderNotFound
            or ErrorCode.ParentNotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.AccessDenied => ErrorCategory.PermissionDenied,
        ErrorCode.TargetExists => ErrorCategory.ResourceExists,
        ErrorCode.DiskInUse => ErrorCategory.ResourceBusy,
        ErrorCode.InsufficientSpace or ErrorCode.DiskSizeOutOfRange => ErrorCategory.LimitsExceeded,
        ErrorCode.ReadFailed => ErrorCategory.ReadError,
        ErrorCode.WriteFailed => ErrorCategory.WriteError,
        ErrorCode.DiskFormatUnsupported => ErrorCategory.NotImplemented,
        ErrorCode.DiskTypeUnsuitable
            or ErrorCode.ShrinkCutsPartition
            or ErrorCode.MergeInterrupted => ErrorCategory.InvalidOperation,
        ErrorCode.ParentIdentityMismatch
            or ErrorCode.ParentModified
            or ErrorCode.ParentCycle
            or ErrorCode.ParentSizeMismatch => ErrorCategory.InvalidData,
        ErrorCode.FileTruncated
            or ErrorCode.DiskFormatUnknown
            or ErrorCode.PartitionTableInvalid
            or ErrorCode.EditJournalInvalid => ErrorCategory.InvalidData,
        ErrorCode.VhdFooterMissing
            or ErrorCode.VhdFooterInvalid
            or ErrorCode.VhdFooterChecksumMismatch
            or ErrorCode.VhdHeaderInvalid
            or ErrorCode.VhdBatInvalid
            or ErrorCode.VhdParentLocatorInvalid => ErrorCategory.InvalidData,
        ErrorCode.VhdxHeaderInvalid
            or ErrorCode.VhdxRegionTableInvalid
            or ErrorCode.VhdxMetadataInvalid
            or ErrorCode.VhdxBatInvalid
            or ErrorCode.VhdxLogInvalid
            or ErrorCode.VhdxParentLocatorInvalid => ErrorCategory.InvalidData,
        ErrorCode.Qcow2HeaderInvalid
            or ErrorCode.Qcow2TableInvalid
            or ErrorCode.Qcow2ClusterInvalid => ErrorCategory.InvalidData,
        ErrorCode.AddressInvalid or ErrorCode.BlobTypeUnsuitable => ErrorCategory.InvalidArgument,
        ErrorCode.BlobNotFound or ErrorCode.ContainerNotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.BlobExists => ErrorCategory.ResourceExists,
        ErrorCode.BlobLeased or ErrorCode.LeaseLost or ErrorCode.BlobInUse => ErrorCategory.ResourceBusy,
        ErrorCode.BlobChanged
            or ErrorCode.BlobHasSnapshots
            or ErrorCode.UploadIncomplete
            or ErrorCode.UploadOfOtherDisk
            or ErrorCode.ListingIncomplete => ErrorCategory.InvalidOperation,
        ErrorCode.BlobSizeMismatch
            or ErrorCode.ContentHashMismatch
            or ErrorCode.ReadinessFailed
            or ErrorCode.BaseImageMismatch
            or ErrorCode.StoreDamaged
            or ErrorCode.RemovalPlanInvalid
            or ErrorCode.ReferenceFileInvalid => ErrorCategory.InvalidData,
        ErrorCode.AuthenticationFailed => ErrorCategory.AuthenticationError,
        ErrorCode.AuthorizationFailed => ErrorCategory.PermissionDenied,
        ErrorCode.StoreUnreachable => ErrorCategory.ConnectionError,
        ErrorCode.StoreBusy => ErrorCategory.OperationTimeout,
        ErrorCode.StoreAnswerInvalid => ErrorCategory.ProtocolError,
        ErrorCode.StoreRefused => ErrorCategory.InvalidOperation,
        ErrorCode.StoreUnsupported => ErrorCategory.NotImplemented,
        ErrorCode.CopyFailed => ErrorCategory.WriteError,
        ErrorCode.RemovalLimitExceeded or ErrorCode.AllocationFailed => ErrorCategory.LimitsExceeded,
        ErrorCode.FabricUnreachable => ErrorCategory.ConnectionError,
        ErrorCode.FabricNotInstalled => ErrorCategory.NotInstalled,
        ErrorCode.FabricInUse or ErrorCode.ResourceInUse => ErrorCategory.ResourceBusy,
        ErrorCode.FabricDamaged => ErrorCategory.InvalidData,
        ErrorCode.FabricFailed => ErrorCategory.InvalidResult,
        ErrorCode.FabricBusy or ErrorCode.ProvisioningFailed => ErrorCategory.OperationTimeout,
        ErrorCode.RequestInvalid => ErrorCategory.InvalidArgument,
        ErrorCode.ResourceNotFound => ErrorCategory.ObjectNotFound,
        ErrorCode.ResourceConflict => ErrorCategory.ResourceExists,
        ErrorCode.ResourceChanged or ErrorCode.OperationNotAllowed => ErrorCategory.InvalidOperation,
        _ => ErrorCategory.NotSpecified,
    };

    private static ErrorRecord Create(Exception error, ErrorCode code, object target, string? recommendedAction) =>
        new(error, code.ToString(), CategoryOf(code), target)
        {
            ErrorDetails = new ErrorDetails(error.Message) { RecommendedAction = recommendedAction },
        };
}
