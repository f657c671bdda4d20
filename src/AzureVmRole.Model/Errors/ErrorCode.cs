namespace AzureVmRole;

/// <summary>
/// What went wrong. The name is the stable error id that a cmdlet writes (<c>FullyQualifiedErrorId</c> starts with it).
/// </summary>
public enum ErrorCode
{
    /// <summary>A failure nobody foresaw: a defect of this module.</summary>
    InternalError = 0,

    /// <summary>A parameter's value is not usable.</summary>
    InvalidArgument,

    /// <summary>The file does not exist.</summary>
    FileNotFound,

    /// <summary>The folder that should hold the new file does not exist.</summary>
    FolderNotFound,

    /// <summary>The path names a folder where a file is needed.</summary>
    PathIsFolder,

    /// <summary>The path belongs to a PowerShell provider other than FileSystem.</summary>
    PathNotFileSystem,

    /// <summary>The operating system refuses access.</summary>
    AccessDenied,

    /// <summary>The target exists and overwriting was not asked for.</summary>
    TargetExists,

    /// <summary>Another process has the disk open.</summary>
    DiskInUse,

    /// <summary>The volume has less free space than the operation writes.</summary>
    InsufficientSpace,

    /// <summary>Reading from the file failed.</summary>
    ReadFailed,

    /// <summary>Writing to the file failed.</summary>
    WriteFailed,

    /// <summary>The file ends before the data that its tables name.</summary>
    FileTruncated,

    /// <summary>The file is of no known disk format.</summary>
    DiskFormatUnknown,

    /// <summary>The format or the wanted operation on it is not supported.</summary>
    DiskFormatUnsupported,

    /// <summary>The operation does not apply to this type of disk.</summary>
    DiskTypeUnsuitable,

    /// <summary>The virtual size is not a whole number of the needed unit.</summary>
    DiskSizeUnaligned,

    /// <summary>The virtual size is below or above what the format allows.</summary>
    DiskSizeOutOfRange,

    /// <summary>Shrinking would cut a partition.</summary>
    ShrinkCutsPartition,

    /// <summary>The VHD has no usable footer.</summary>
    VhdFooterMissing,

    /// <summary>A field of the VHD footer is wrong.</summary>
    VhdFooterInvalid,

    /// <summary>The checksum of the VHD footer is wrong.</summary>
    VhdFooterChecksumMismatch,

    /// <summary>A field of the dynamic disk header is wrong.</summary>
    VhdHeaderInvalid,

    /// <summary>An entry of the block allocation table is wrong.</summary>
    VhdBatInvalid,

    /// <summary>A parent locator is wrong.</summary>
    VhdParentLocatorInvalid,

    /// <summary>The parent of a differencing disk is not where its locators point.</summary>
    ParentNotFound,

    /// <summary>The file found as the parent is another disk.</summary>
    ParentIdentityMismatch,

    /// <summary>The parent was changed after the differencing disk was made.</summary>
    ParentModified,

    /// <summary>A disk is its own ancestor.</summary>
    ParentCycle,

    /// <summary>The parent's virtual size does not fit the child.</summary>
    ParentSizeMismatch,

    /// <summary>A VHDX file identifier or header is wrong.</summary>
    VhdxHeaderInvalid,

    /// <summary>The VHDX region table is wrong.</summary>
    VhdxRegionTableInvalid,

    /// <summary>The VHDX metadata region is wrong.</summary>
    VhdxMetadataInvalid,

    /// <summary>An entry of the VHDX block allocation table is wrong.</summary>
    VhdxBatInvalid,

    /// <summary>The VHDX log cannot be replayed.</summary>
    VhdxLogInvalid,

    /// <summary>The VHDX parent locator is wrong.</summary>
    VhdxParentLocatorInvalid,

    /// <summary>A field of the qcow2 header is wrong.</summary>
    Qcow2HeaderInvalid,

    /// <summary>An entry of a qcow2 table is wrong.</summary>
    Qcow2TableInvalid,

    /// <summary>A compressed qcow2 cluster cannot be read.</summary>
    Qcow2ClusterInvalid,

    /// <summary>The partition table is wrong.</summary>
    PartitionTableInvalid,

    /// <summary>An earlier merge into this disk was interrupted.</summary>
    MergeInterrupted,

    /// <summary>The journal of an interrupted change cannot be read.</summary>
    EditJournalInvalid,

    /// <summary>The address of a blob or a store cannot be understood.</summary>
    AddressInvalid,

    /// <summary>The blob does not exist.</summary>
    BlobNotFound,

    /// <summary>The container does not exist.</summary>
    ContainerNotFound,

    /// <summary>The blob exists and overwriting was not asked for.</summary>
    BlobExists,

    /// <summary>The blob is of a kind that holds no disk (a block blob), or holds no fixed VHD.</summary>
    BlobTypeUnsuitable,

    /// <summary>The blob's length does not fit the disk.</summary>
    BlobSizeMismatch,

    /// <summary>Somebody holds a lease on the blob.</summary>
    BlobLeased,

    /// <summary>The lease of a running operation was lost to somebody else.</summary>
    LeaseLost,

    /// <summary>The blob was changed by somebody else in the meantime.</summary>
    BlobChanged,

    /// <summary>The blob has snapshots, which the operation would delete or which others depend on.</summary>
    BlobHasSnapshots,

    /// <summary>The blob is a half upload.</summary>
    UploadIncomplete,

    /// <summary>The unfinished upload at the target is of another disk.</summary>
    UploadOfOtherDisk,

    /// <summary>Content differs from the hash that was noted for it.</summary>
    ContentHashMismatch,

    /// <summary>The disk is not fit for Azure.</summary>
    ReadinessFailed,

    /// <summary>The published base is another disk than the local one, or was changed.</summary>
    BaseImageMismatch,

    /// <summary>The service does not know the caller: the key, signature or token is wrong or has expired.</summary>
    AuthenticationFailed,

    /// <summary>The service knows the caller, who may not do this.</summary>
    AuthorizationFailed,

    /// <summary>The store cannot be reached.</summary>
    StoreUnreachable,

    /// <summary>The service was too busy or too slow, also after retries.</summary>
    StoreBusy,

    /// <summary>The service answered something that its protocol does not allow.</summary>
    StoreAnswerInvalid,

    /// <summary>The service refuses the request for another reason.</summary>
    StoreRefused,

    /// <summary>The store does not have this capability.</summary>
    StoreUnsupported,

    /// <summary>The database of a folder store is damaged or of another version.</summary>
    StoreDamaged,

    /// <summary>A server-side copy failed or was ended.</summary>
    CopyFailed,

    /// <summary>A listing could not be read to its end.</summary>
    ListingIncomplete,

    /// <summary>Something uses the blob.</summary>
    BlobInUse,

    /// <summary>A removal plan cannot be used.</summary>
    RemovalPlanInvalid,

    /// <summary>A removal would delete more than it may.</summary>
    RemovalLimitExceeded,

    /// <summary>A reference file cannot be read.</summary>
    ReferenceFileInvalid,

    /// <summary>No fabric runs, or it cannot be reached.</summary>
    FabricUnreachable,

    /// <summary>The fabric's program, or a runtime that it needs, is not installed.</summary>
    FabricNotInstalled,

    /// <summary>Another fabric uses this home folder.</summary>
    FabricInUse,

    /// <summary>The fabric's database is damaged or of another version.</summary>
    FabricDamaged,

    /// <summary>The fabric, or Azure, failed in a way that it should not.</summary>
    FabricFailed,

    /// <summary>The fabric, or Azure, is too busy.</summary>
    FabricBusy,

    /// <summary>A request is wrong: a field, a name, a size.</summary>
    RequestInvalid,

    /// <summary>There is no such image, disk, instance or group.</summary>
    ResourceNotFound,

    /// <summary>There is one of that name already, or another operation runs on it.</summary>
    ResourceConflict,

    /// <summary>Something uses the resource.</summary>
    ResourceInUse,

    /// <summary>Somebody else has changed the resource.</summary>
    ResourceChanged,

    /// <summary>The resource is in a state in which this cannot be done.</summary>
    OperationNotAllowed,

    /// <summary>No host has room for the instance.</summary>
    AllocationFailed,

    /// <summary>The agent in a guest did not report that it is ready.</summary>
    ProvisioningFailed,
}
