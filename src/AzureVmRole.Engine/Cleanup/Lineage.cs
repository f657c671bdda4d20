using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// Which disks were made from which. A difference that is kept keeps its base, whose base is kept, too, and so on. Holds a few
/// dozen bytes for each difference in the store, and nothing for other blobs.
/// </summary>
internal sealed class Lineage
{
    private readonly HashSet<(LineageKey Child, LineageKey Base)> _links = [];
    private readonly HashSet<ulong> _disksInUse = [];
    private readonly HashSet<ulong> _contentsInUse = [];

    /// <summary>Whether metadata says what the blob was made from.</summary>
    public static bool HasBase(BlobProperties blob) =>
        blob.Metadata.ContainsKey(BlobMetadata.BaseIdentifier) || blob.Metadata.ContainsKey(BlobMetadata.BaseContentHash);

    /// <summary>Notes a blob or a snapshot.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="isKept">Whether it is kept for a reason of its own.</param>
    public void Add(BlobProperties blob, bool isKept)
    {
        var parent = LineageKey.Of(
            blob.Metadata.GetValueOrDefault(BlobMetadata.BaseIdentifier), blob.Metadata.GetValueOrDefault(BlobMetadata.BaseContentHash));
        if (parent.IsEmpty)
        {
            return;
        }

        if (isKept)
        {
            Use(parent);
            return;
        }

        LineageKey self = KeyOf(blob);
        if (!self.IsEmpty)
        {
            _links.Add((self, parent));
        }
    }

    /// <summary>Follows the lines up to their ends: after the last <see cref="Add"/>, and again after more of them.</summary>
    public void Complete()
    {
        // Each round settles at least one link or is the last; lines are a few disks long.
        int settled;
        do
        {
            settled = _links.RemoveWhere(Settle);
        }
        while (settled > 0);
    }

    /// <summary>Whether a difference that is kept was made from a blob.</summary>
    public bool IsParentInUse(BlobProperties blob) => IsUsed(KeyOf(blob));

    private static LineageKey KeyOf(BlobProperties blob) => LineageKey.Of(
        blob.Metadata.GetValueOrDefault(BlobMetadata.DiskIdentifier), blob.Metadata.GetValueOrDefault(BlobMetadata.ContentHash));

    private bool Settle((LineageKey Child, LineageKey Base) link)
    {
        if (!IsUsed(link.Child))
        {
            return false;
        }

        Use(link.Base);
        return true;
    }

    private void Use(LineageKey key)
    {
        _disksInUse.Add(key.Disk);
        _contentsInUse.Add(key.Content);
    }

    private bool IsUsed(LineageKey key) =>
        (key.Disk != 0 && _disksInUse.Contains(key.Disk)) || (key.Content != 0 && _contentsInUse.Contains(key.Content));
}
