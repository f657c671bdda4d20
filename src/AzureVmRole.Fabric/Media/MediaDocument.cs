using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;

namespace AzureVmRole.Fabric.Media;

/// <summary>What disks, snapshots and images keep in <c>Observed</c>, and how all of them are shown.</summary>
internal static class MediaDocument
{
    /// <summary><c>Observed</c>: the blob, <c>container/name</c>, from before it is made.</summary>
    public const string Blob = "blob";

    /// <summary><c>Observed</c>: the id of every lease that is taken on the blob, a GUID in text form.</summary>
    public const string LeaseId = "leaseId";

    /// <summary><c>Observed</c>: the unique id in the footer, from before the blob is made.</summary>
    public const string UniqueId = "uniqueId";

    /// <summary><c>Observed</c>: the virtual size in bytes; there as soon as the blob is whole.</summary>
    public const string SizeInBytes = "sizeBytes";

    /// <summary><c>Observed</c>: why the last generation could not be reached; not there when it was.</summary>
    public const string Message = "message";

    /// <summary>What <c>Desired</c> has beside what clients see.</summary>
    public const string Hidden = "fabric";

    private static readonly string[] HeadMembers = ["id", "name", "type", "location", "etag", "systemData", "managedBy", Hidden];

    /// <summary>The resource's blob; null while none is named.</summary>
    public static string? BlobOf(Resource resource) => (string?)resource.Observed[Blob];

    /// <summary>The virtual size of the resource's blob in bytes; null while there is no whole blob.</summary>
    public static long? SizeOf(Resource resource) => (long?)resource.Observed[SizeInBytes];

    /// <summary>Notes the names of a new blob, all that has to be known before it is made.</summary>
    public static void Name(JsonObject observed, string blob)
    {
        observed[Blob] = blob;
        observed[LeaseId] = Guid.NewGuid().ToString("D");
        observed[UniqueId] = Guid.NewGuid().ToString("D");
    }

    /// <summary>Notes a VHD in storage that becomes the resource's blob as it is.</summary>
    public static void Register(JsonObject observed, VhdInspection vhd)
    {
        Name(observed, vhd.Blob);
        observed[UniqueId] = vhd.UniqueId.ToString("D");
        observed[SizeInBytes] = vhd.SizeInBytes;
    }

    /// <summary>Whose the resource's blob is, once it is named.</summary>
    public static DiskIdentity IdentityOf(Resource resource, string? contentState = null) =>
        new(Guid.Parse((string?)resource.Observed[UniqueId] ?? ""), contentState);

    /// <summary>A body as it is kept: without what the service itself says.</summary>
    /// <param name="body">The body.</param>
    /// <param name="readOnly">The properties that clients send back but do not decide.</param>
    public static JsonObject Accept(JsonObject body, params ReadOnlySpan<string> readOnly)
    {
        var desired = (JsonObject)body.DeepClone();
        Remove(desired, HeadMembers);
        VmSecrets.Remove(desired);
        if (DocumentFields.Object(desired, "properties") is not { } properties)
        {
            Remove(desired, ["properties"]);
            desired["properties"] = new JsonObject();
        }
        else
        {
            Remove(desired, ["properties"]);
            desired["properties"] = properties;
            Remove(properties, readOnly);
        }

        return desired;
    }

    /// <summary>A resource in ARM's shape, with its own copy of everything.</summary>
    /// <returns>The document and its properties.</returns>
    public static (JsonObject Document, JsonObject Properties) Write(Resource resource)
    {
        var document = new JsonObject
        {
            ["id"] = resource.Id.Text, ["name"] = resource.Id.Name, ["type"] = resource.Id.Type.FullName, ["location"] = resource.Location,
            ["etag"] = resource.ETag,
        };
        foreach ((string key, JsonNode? value) in resource.Desired)
        {
            if (key != Hidden)
            {
                document[key] = value?.DeepClone();
            }
        }

        JsonObject properties = DocumentFields.Ensure(document, "properties");
        properties["provisioningState"] = resource.State.ToString();
        return (document, properties);
    }

    private static void Remove(JsonObject document, ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            foreach (string key in document.Select(pair => pair.Key).Where(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList())
            {
                document.Remove(key);
            }
        }
    }
}
