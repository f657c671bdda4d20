using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Disks;

/// <summary>Disks and snapshots as they are kept and shown.</summary>
internal static class DiskDocument
{
    public const long Gibibyte = 1L << 30;

    /// <summary>Those of Azure; which of them can be had here, the requests say.</summary>
    private static readonly string[] CreateOptions =
        ["Empty", "FromImage", "Import", "Copy", "CopyStart", "Attach", "Restore", "Upload", "ImportSecure", "UploadPreparedSecure", "CopyFromSanSnapshot"];

    private static readonly string[] SkuNames =
        ["Standard_LRS", "Standard_ZRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "UltraSSD_LRS"];

    private static readonly string[] ReadOnly =
        ["provisioningState", "diskState", "timeCreated", "uniqueId", "blobUri", "managedBy", "diskIOPSReadWrite", "diskMBpsReadWrite"];

    /// <summary>A body as it is kept.</summary>
    /// <exception cref="FabricException">A field says none of the words that it can say.</exception>
    public static JsonObject Accept(JsonObject body)
    {
        JsonObject desired = MediaDocument.Accept(body, ReadOnly);
        if (DocumentFields.Object(desired, "properties") is { } properties)
        {
            DocumentFields.Spell(properties, "osType", "properties.osType", "Linux", "Windows");
            DocumentFields.Spell(properties, "hyperVGeneration", "properties.hyperVGeneration", "V1", "V2");
            if (DocumentFields.Object(properties, "creationData") is { } creation)
            {
                DocumentFields.Spell(creation, "createOption", "properties.creationData.createOption", CreateOptions);
            }
        }

        if (DocumentFields.Object(desired, "sku") is { } sku)
        {
            DocumentFields.Spell(sku, "name", "sku.name", SkuNames);
        }

        return desired;
    }

    /// <summary>How the disk is made: <c>creationData.createOption</c>.</summary>
    public static string? CreateOption(Resource disk) => DocumentFields.Text(disk.Desired, "properties", "creationData", "createOption");

    /// <summary>The id of the machine that the disk belongs to; null for none.</summary>
    public static ResourceId? ManagedBy(Resource disk) =>
        ResourceId.TryParse(DocumentFields.Text(disk.Desired, "properties", "managedBy"), out ResourceId? id) ? id : null;

    /// <summary>The virtual size that was asked for, in bytes; null where it is the source's. Bytes count where they agree with the GiB.</summary>
    public static long? WantedSize(JsonObject desired)
    {
        long? bytes = DocumentFields.Number(desired, "properties", "diskSizeBytes");
        long? gibibytes = DocumentFields.Number(desired, "properties", "diskSizeGB");
        return gibibytes is null || (bytes is not null && ToGibibytes(bytes.Value) == gibibytes) ? bytes : gibibytes.Value * Gibibyte;
    }

    /// <summary>A size in GiB as Azure shows it: rounded up.</summary>
    public static long ToGibibytes(long bytes) => (bytes / Gibibyte) + (bytes % Gibibyte == 0 ? 0 : 1);

    /// <summary>Notes a size that was asked for.</summary>
    public static void SetSize(JsonObject desired, long bytes)
    {
        JsonObject properties = DocumentFields.Ensure(desired, "properties");
        properties["diskSizeBytes"] = bytes;
        properties["diskSizeGB"] = ToGibibytes(bytes);
    }

    /// <summary>Until when the disk's address is given away; null when it is not.</summary>
    public static DateTimeOffset? AccessUntil(Resource disk, DateTimeOffset now) =>
        DateTimeOffset.TryParse(
            DocumentFields.Text(disk.Desired, MediaDocument.Hidden, "access", "until"), System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.RoundtripKind, out DateTimeOffset until) && until > now
            ? until
            : null;

    /// <summary>The disk as clients get it.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="table">The state, for the machine that has it.</param>
    /// <param name="media">The store of its location; null when the fabric does not have it any more.</param>
    /// <param name="now">The time.</param>
    public static JsonObject Write(Resource disk, FabricTable table, LocationMedia? media, DateTimeOffset now)
    {
        (JsonObject document, JsonObject properties) = MediaDocument.Write(disk);
        properties.Remove("managedBy");
        if (ManagedBy(disk) is { } user)
        {
            document["managedBy"] = user.Text;
        }

        if (DocumentFields.Object(document, "sku") is { } sku && DocumentFields.Text(sku, "name") is { } skuName)
        {
            sku["tier"] = TierOf(skuName);
        }

        properties["timeCreated"] = disk.Created.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        properties["diskState"] = StateOf(disk, table, now);
        if ((MediaDocument.SizeOf(disk) ?? WantedSize(disk.Desired)) is { } size)
        {
            SetSize(document, size);
        }

        if ((string?)disk.Observed[MediaDocument.UniqueId] is { } uniqueId)
        {
            properties["uniqueId"] = uniqueId;
        }

        if (media is not null && MediaDocument.BlobOf(disk) is { } blob)
        {
            properties["blobUri"] = media.UriOf(blob).AbsoluteUri;
        }

        return document;
    }

    private static string TierOf(string sku) => sku switch
    {
        _ when sku.StartsWith("Premium", StringComparison.Ordinal) => "Premium",
        _ when sku.StartsWith("Ultra", StringComparison.Ordinal) => "Ultra",
        _ => "Standard",
    };

    private static string StateOf(Resource disk, FabricTable table, DateTimeOffset now)
    {
        if (ManagedBy(disk) is { } user)
        {
            return table.Find(user) is { } machine && MediaRules.IsDeallocated(machine) ? "Reserved" : "Attached";
        }

        return AccessUntil(disk, now) is null ? "Unattached" : "ActiveSAS";
    }
}
