namespace AzureVmRole;

/// <summary>The kind of a blob. Azure takes disks from page blobs only.</summary>
public enum BlobKind
{
    /// <summary>512-byte pages that can be written in any order: a disk.</summary>
    PageBlob = 0,

    /// <summary>A blob made of blocks; what most upload tools make unless told otherwise.</summary>
    BlockBlob,

    /// <summary>A blob that only grows.</summary>
    AppendBlob,
}
