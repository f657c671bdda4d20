namespace AzureVmRole;

/// <summary>How far a disk in storage has come.</summary>
public enum UploadState
{
    /// <summary>The blob was not made by this module, which therefore cannot tell.</summary>
    Unknown = 0,

    /// <summary>An upload is under way or was interrupted: the blob is no disk yet.</summary>
    Uploading,

    /// <summary>The upload ended well.</summary>
    Complete,
}
