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
}
