using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// Somebody who may use blobs: a list of virtual machines, images or scale sets, a file, the store itself. What it does not
/// name is not yet an orphan; what it names is none. One that cannot answer fails the search: silence is never "no reference".
/// </summary>
public interface IReferrer
{
    /// <summary>Who it is, for people.</summary>
    string Description { get; }

    /// <summary>Whether asking again costs so little that a removal does it before each blob; else it asks once a batch.</summary>
    bool IsCheap { get; }

    /// <summary>Reads anew who refers to what.</summary>
    /// <exception cref="AzureVmRoleException">The referrer cannot answer, or only in part.</exception>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>What of all that was read last refers to a blob; null for nothing.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="uri">Its address, without a signature.</param>
    BlobReference? Find(BlobProperties blob, Uri uri);
}
