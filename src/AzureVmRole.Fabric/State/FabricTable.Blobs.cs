using System.Data.Common;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.State;

internal sealed partial class FabricTable
{
    /// <summary>The resource that a blob of a location's store belongs to; null when it is nobody's.</summary>
    public ResourceId? FindBlobOwner(string location, string blob)
    {
        using DbDataReader reader = statements.Query("SELECT owner FROM blobs WHERE location = $1 AND name = $2", location, blob);
        return reader.Read() ? ParseId(reader.GetString(0)) : null;
    }

    /// <summary>Notes that a blob belongs to a resource, if it is nobody's or that resource's already.</summary>
    /// <returns>Whose it is now.</returns>
    public ResourceId ClaimBlob(string location, string blob, ResourceId owner)
    {
        if (FindBlobOwner(location, blob) is { } other)
        {
            return other;
        }

        statements.Run(
            "INSERT INTO blobs (location, name, owner_key, owner) VALUES ($1,$2,$3,$4)", location, blob, owner.Key, owner.Text);
        return owner;
    }

    /// <summary>Notes that a resource has no blobs any more.</summary>
    public void ReleaseBlobs(ResourceId owner) => statements.Run("DELETE FROM blobs WHERE owner_key = $1", owner.Key);
}
