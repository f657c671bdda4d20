namespace AzureVmRole.Engine.Storage;

/// <summary>
/// The metadata that this module keeps with a blob, and what others keep there. Keys are C# identifiers in lower case, as the
/// service asks ("Setting and retrieving properties and metadata").
/// </summary>
public static class BlobMetadata
{
    /// <summary><see cref="Uploading"/> or <see cref="Complete"/>.</summary>
    public const string State = "azvmrole_state";

    /// <summary>The state of a blob that is no disk yet.</summary>
    public const string Uploading = "uploading";

    /// <summary>The state of a blob whose upload ended well.</summary>
    public const string Complete = "complete";

    /// <summary>The content hash of the disk, footer left out (docs/formats/content-hash.md).</summary>
    public const string ContentHash = "azvmrole_content";

    /// <summary>The disk's unique id, as its footer has it.</summary>
    public const string DiskIdentifier = "azvmrole_disk";

    /// <summary>The unique id of the base that the disk was patched from.</summary>
    public const string BaseIdentifier = "azvmrole_base";

    /// <summary>The content hash of that base.</summary>
    public const string BaseContentHash = "azvmrole_basecontent";

    /// <summary>Who uploads: user, host, process and since when, for people.</summary>
    public const string Uploader = "azvmrole_uploader";

    /// <summary>The id of the upload attempt that owns the blob.</summary>
    public const string UploadId = "azvmrole_upload";

    /// <summary>How far an upload has come for certain: <c>offset:hash</c> of everything before the offset.</summary>
    public const string Checkpoint = "azvmrole_checkpoint";

    /// <summary>While a base image is patched: the content hash of the disk that it is to become.</summary>
    public const string PatchGoal = "azvmrole_goal";

    /// <summary>Any value but <c>false</c> protects the blob from Remove-OrphanVhd; say why in it. Also works as a tag.</summary>
    public const string Protect = "azvmrole_protect";

    /// <summary>Who holds the lease, for people; written by whoever takes a lease for long.</summary>
    public const string LeaseHolder = "azvmrole_holder";
}
