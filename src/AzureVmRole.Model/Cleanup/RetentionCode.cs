namespace AzureVmRole;

/// <summary>Why a blob is an orphan, or why it is kept. Anything but the first three keeps it.</summary>
public enum RetentionCode
{
    /// <summary>An orphan: nothing is known that needs the blob.</summary>
    Unreferenced = 0,

    /// <summary>An orphan: a half upload that nobody has continued for long.</summary>
    AbandonedUpload,

    /// <summary>An orphan: the copy that should have made the blob failed or was ended, so it is empty.</summary>
    FailedCopy,

    /// <summary>A referrer names the blob.</summary>
    Referenced,

    /// <summary>The platform's metadata says which virtual machine the blob is a disk of.</summary>
    AttachedDisk,

    /// <summary>Metadata says who holds the blob.</summary>
    HolderNoted,

    /// <summary>A difference that is kept was made from the blob, directly or through others.</summary>
    ParentInUse,

    /// <summary>Somebody holds a lease.</summary>
    Leased,

    /// <summary>The blob has snapshots; who depends on them cannot be known.</summary>
    HasSnapshots,

    /// <summary>An upload is under way, or was a short time ago.</summary>
    Uploading,

    /// <summary>A copy to the blob is under way.</summary>
    CopyPending,

    /// <summary>The blob was made or changed a short time ago.</summary>
    TooYoung,

    /// <summary>The blob was changed in the future: a clock is wrong, so its age is not known.</summary>
    ClockUncertain,

    /// <summary>Metadata or a tag protects the blob.</summary>
    Protected,

    /// <summary>The blob's tags may not be read, so one of them may protect it.</summary>
    TagsUnreadable,

    /// <summary>Another product made the blob and looks after it: site recovery, Kubernetes, backup.</summary>
    ForeignFamily,

    /// <summary>Found at removal: the blob is another one than the report has.</summary>
    Changed,

    /// <summary>Found at removal: the blob does not exist any more.</summary>
    Gone,

    /// <summary>Found at removal: the lease that the removal took was ended by somebody else.</summary>
    LeaseLost,
}
