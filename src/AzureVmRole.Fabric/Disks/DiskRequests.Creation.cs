using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Disks;

internal sealed partial class DiskRequests
{
    private const string SourceUriField = "properties.creationData.sourceUri";
    private const string SourceField = "properties.creationData.sourceResourceId";
    private const string ImageField = "properties.creationData.imageReference.id";

    private static readonly string[] FixedFields = ["createOption", "sourceUri", "sourceResourceId"];

    private bool IsSnapshot => Type == ResourceType.Snapshots;

    /// <summary>Looks at the VHD that an Import names.</summary>
    /// <returns>Null when the disk is made in another way.</returns>
    private async Task<ImportedVhd?> InspectImportAsync(JsonObject desired, string location, CancellationToken cancellationToken)
    {
        if (!Is(DocumentFields.Text(desired, "properties", "creationData", "createOption"), "Import"))
        {
            return null;
        }

        string address = DocumentFields.Text(desired, "properties", "creationData", "sourceUri")
            ?? throw DocumentFields.Invalid(SourceUriField, "Required parameter 'sourceUri' is missing (null).", "Give the address of the VHD.");
        (LocationMedia media, string blob) = parts.Media.Resolve(SourceUriField, address, location);
        VhdInspection inspection = await media.InspectAsync(blob, cancellationToken).ConfigureAwait(false)
            ?? throw MediaErrors.NoBlob(SourceUriField, blob, media.Location);
        return inspection.IsFit ? new ImportedVhd(media, inspection) : throw MediaErrors.Unfit(SourceUriField, inspection);
    }

    /// <summary>Checks how a new disk is to be made, and completes what was asked for.</summary>
    private void CompleteNew(FabricTable table, ResourceId id, JsonObject desired, JsonObject observed, string location, ImportedVhd? import)
    {
        string option = DocumentFields.Text(desired, "properties", "creationData", "createOption")
            ?? throw DocumentFields.Invalid(
                "properties.creationData.createOption", "Required parameter 'creationData.createOption' is missing (null).", "Give Empty, FromImage, Import or Copy.");
        long? sourceSize = option switch
        {
            _ when Is(option, "Empty") && !IsSnapshot => null,
            _ when Is(option, "FromImage") && !IsSnapshot => UseImage(table, desired, location),
            _ when Is(option, "Copy") => UseDisk(table, desired, location),
            _ when Is(option, "CopyStart") && IsSnapshot => UseDisk(table, desired, location: null),
            _ when import is not null => UseVhd(table, id, observed, location, import),
            _ => throw OptionRefused(option),
        };
        if (IsSnapshot && sourceSize is { } fixedSize)
        {
            DiskDocument.SetSize(desired, fixedSize);
        }

        DiskDocument.SetSize(desired, DiskSizes.ForNew(desired, sourceSize));
        Default(desired, "sku", static () => new JsonObject { ["name"] = "Standard_LRS" });
    }

    private static long UseImage(FabricTable table, JsonObject desired, string location)
    {
        Resource image = MediaRules.RequireWhole(MediaRules.RequireSource(
            table, ImageField, DocumentFields.Text(desired, "properties", "creationData", "imageReference", "id"), location, ResourceType.Images));
        JsonObject properties = DocumentFields.Ensure(desired, "properties");
        Inherit(properties, "osType", DocumentFields.Text(image.Desired, "properties", "storageProfile", "osDisk", "osType"));
        Inherit(properties, "hyperVGeneration", DocumentFields.Text(image.Desired, "properties", "hyperVGeneration"));
        return MediaDocument.SizeOf(image) ?? 0;
    }

    private static long UseDisk(FabricTable table, JsonObject desired, string? location)
    {
        Resource source = MediaRules.RequireWhole(MediaRules.RequireSource(
            table, SourceField, DocumentFields.Text(desired, "properties", "creationData", "sourceResourceId"), location, ResourceType.Disks, ResourceType.Snapshots));
        JsonObject properties = DocumentFields.Ensure(desired, "properties");
        Inherit(properties, "osType", DocumentFields.Text(source.Desired, "properties", "osType"));
        Inherit(properties, "hyperVGeneration", DocumentFields.Text(source.Desired, "properties", "hyperVGeneration"));
        return MediaDocument.SizeOf(source) ?? 0;
    }

    /// <summary>A VHD in the location's own store that nobody owns becomes the disk itself, as Add-AzureDisk did it; any other one is copied.</summary>
    private long UseVhd(FabricTable table, ResourceId id, JsonObject observed, string location, ImportedVhd import)
    {
        VhdInspection vhd = import.Inspection;
        if (!IsSnapshot && import.Media.Location == location && table.ClaimBlob(location, vhd.Blob, id) == id)
        {
            if (vhd.IsLeased)
            {
                throw new FabricException(
                    HttpStatusCode.Conflict, "ResourceInUse", SourceUriField, $"'{vhd.Blob}' is leased{(vhd.Holder is { } holder ? $" by {holder}" : "")}.",
                    "Wait until its user is done, or break the lease when nobody uses the VHD any more.");
            }

            MediaDocument.Register(observed, vhd);
        }

        return vhd.SizeInBytes;
    }

    private FabricException OptionRefused(string option)
    {
        string known = IsSnapshot ? "Copy, CopyStart or Import" : "Empty, FromImage, Import or Copy";
        return DocumentFields.Invalid(
            "properties.creationData.createOption",
            Is(option, "Upload") || Is(option, "UploadPreparedSecure")
                ? $"A {Type.Name} cannot be made by '{option}': VHDs are written to the store of a location, not to a disk."
                : $"'{option}' is no way to make {Type.Name} here, expected {known}.",
            Is(option, "Upload") ? "Publish the VHD with Publish-BaseVhd, then make the disk with Import." : $"Give {known}.");
    }

    /// <summary>Refuses changes of what a disk was made from.</summary>
    private static void CheckFixed(Resource found, JsonObject desired)
    {
        foreach (string field in FixedFields)
        {
            string? now = DocumentFields.Text(desired, "properties", "creationData", field);
            if (now is not null && !Is(now, DocumentFields.Text(found.Desired, "properties", "creationData", field)))
            {
                throw MediaRules.NotChangeable($"creationData.{field}");
            }
        }

        string? image = DocumentFields.Text(desired, "properties", "creationData", "imageReference", "id");
        if (image is not null && !Is(image, DocumentFields.Text(found.Desired, "properties", "creationData", "imageReference", "id")))
        {
            throw MediaRules.NotChangeable("creationData.imageReference");
        }
    }

    private void CheckResize(FabricTable table, Resource found, bool isLarger)
    {
        if (!isLarger)
        {
            return;
        }

        if (IsSnapshot)
        {
            throw MediaRules.NotChangeable("diskSizeGB");
        }

        if (DiskDocument.ManagedBy(found) is { } user && table.Find(user) is { } machine && !MediaRules.IsDeallocated(machine))
        {
            throw MediaRules.NotAllowed(
                found.Id.Name, $"Cannot resize disk {found.Id.Name} while it is attached to running VM {user}.",
                "Stop the virtual machine with deallocation, or detach the disk.");
        }
    }

    /// <summary>A PUT replaces everything but what only the fabric decides, and what was completed when the disk was made.</summary>
    private static JsonObject Replace(JsonObject old, JsonObject desired)
    {
        JsonObject properties = DocumentFields.Ensure(desired, "properties");
        JsonObject oldProperties = DocumentFields.Ensure((JsonObject)old.DeepClone(), "properties");
        foreach (string kept in (string[])["managedBy", "creationData", "osType", "hyperVGeneration"])
        {
            if (oldProperties[kept] is { } value && !properties.ContainsKey(kept))
            {
                properties[kept] = value.DeepClone();
            }
        }

        foreach (string kept in (string[])[MediaDocument.Hidden, "sku"])
        {
            if (old[kept] is { } value && !desired.ContainsKey(kept))
            {
                desired[kept] = value.DeepClone();
            }
        }

        return desired;
    }

    /// <summary>A PATCH replaces the members that it names, of the document and of its properties; null takes one away.</summary>
    private static JsonObject Merge(JsonObject old, JsonObject patch)
    {
        var merged = (JsonObject)old.DeepClone();
        JsonObject properties = DocumentFields.Ensure(merged, "properties");
        foreach ((string key, JsonNode? value) in patch)
        {
            if (key != "properties")
            {
                Set(merged, key, value);
            }
        }

        if (DocumentFields.Object(patch, "properties") is { } changes)
        {
            if (changes.ContainsKey("diskSizeGB"))
            {
                properties.Remove("diskSizeBytes");
            }
            else if (changes.ContainsKey("diskSizeBytes"))
            {
                properties.Remove("diskSizeGB");
            }

            foreach ((string key, JsonNode? value) in changes)
            {
                Set(properties, key, value);
            }
        }

        return merged;
    }

    private static void Set(JsonObject document, string key, JsonNode? value)
    {
        if (value is null)
        {
            document.Remove(key);
        }
        else
        {
            document[key] = value.DeepClone();
        }
    }

    private static void Inherit(JsonObject properties, string name, string? value)
    {
        if (value is not null)
        {
            Default(properties, name, () => JsonValue.Create(value));
        }
    }

    private static void Default(JsonObject document, string name, Func<JsonNode> make)
    {
        if (!document.ContainsKey(name))
        {
            document[name] = make();
        }
    }

    private static bool Is(string? text, string? word) => text is not null && text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
