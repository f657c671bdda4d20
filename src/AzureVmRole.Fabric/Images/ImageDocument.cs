using System.Text.Json;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.Images;

/// <summary>Images as they are kept and shown.</summary>
internal static class ImageDocument
{
    /// <summary>The tag, and the start of further tags, in which a captured image remembers the data disks of its machine.</summary>
    public const string DataDisksTag = "azvmrole-data-disks";

    /// <summary><c>Observed</c>: what the VHD's metadata says of its content.</summary>
    public const string ContentState = "contentState";

    private const int LongestTag = 256;

    /// <summary>A body as it is kept.</summary>
    public static JsonObject Accept(JsonObject body)
    {
        JsonObject desired = MediaDocument.Accept(body, "provisioningState");
        JsonObject? disk = DocumentFields.Object(desired, "properties", "storageProfile", "osDisk");
        disk?.Remove("diskSizeGB");
        return desired;
    }

    /// <summary>The image as clients get it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="media">The store of its location; null when the fabric does not have it any more.</param>
    public static JsonObject Write(Resource image, LocationMedia? media)
    {
        (JsonObject document, JsonObject properties) = MediaDocument.Write(image);
        JsonObject disk = DocumentFields.Ensure(DocumentFields.Ensure(properties, "storageProfile"), "osDisk");
        if (media is not null && MediaDocument.BlobOf(image) is { } blob)
        {
            disk["blobUri"] = media.UriOf(blob).AbsoluteUri;
        }

        if (MediaDocument.SizeOf(image) is { } size)
        {
            disk["diskSizeGB"] = Disks.DiskDocument.ToGibibytes(size);
        }

        return document;
    }

    /// <summary>Whether the image is made of a VHD as it is, and not of a copy.</summary>
    public static bool IsRegistered(JsonObject desired) =>
        DocumentFields.Text(desired, "properties", "sourceVirtualMachine", "id") is null
        && DocumentFields.Text(desired, "properties", "storageProfile", "osDisk", "managedDisk", "id") is null
        && DocumentFields.Text(desired, "properties", "storageProfile", "osDisk", "snapshot", "id") is null;

    /// <summary>Notes the data disks of a captured machine in tags, unless the caller has done so. A tag holds 256 characters: what does not fit goes into the next one.</summary>
    public static void RememberDataDisks(JsonObject desired, Resource machine)
    {
        JsonObject tags = DocumentFields.Ensure(desired, "tags");
        JsonNode? dataDisks = DocumentFields.Object(machine.Desired, "properties", "storageProfile")?["dataDisks"];
        if (tags.ContainsKey(DataDisksTag) || dataDisks is not JsonArray { Count: > 0 } attached)
        {
            if (tags.Count == 0)
            {
                desired.Remove("tags");
            }

            return;
        }

        var pieces = new List<JsonArray> { new() };
        foreach (JsonObject disk in attached.OfType<JsonObject>())
        {
            JsonObject entry = EntryOf(disk);
            if (pieces[^1].Count > 0 && pieces[^1].ToJsonString().Length + entry.ToJsonString().Length + 1 > LongestTag)
            {
                pieces.Add([]);
            }

            pieces[^1].Add(entry);
        }

        for (int index = 0; index < pieces.Count; index++)
        {
            tags[index == 0 ? DataDisksTag : $"{DataDisksTag}-{index + 1}"] = pieces[index].ToJsonString(JsonSerializerOptions.Default);
        }
    }

    private static JsonObject EntryOf(JsonObject disk)
    {
        var entry = new JsonObject { ["lun"] = DocumentFields.Number(disk, "lun") ?? 0, ["id"] = DocumentFields.Text(disk, "managedDisk", "id") };
        if (DocumentFields.Text(disk, "caching") is { } caching)
        {
            entry["caching"] = caching;
        }

        return entry;
    }
}
