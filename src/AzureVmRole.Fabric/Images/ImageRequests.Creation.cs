using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;

namespace AzureVmRole.Fabric.Images;

internal sealed partial class ImageRequests
{
    private const string DiskField = "properties.storageProfile.osDisk";
    private const string BlobField = DiskField + ".blobUri";
    private const string MachineField = "properties.sourceVirtualMachine.id";

    /// <summary>Looks at the VHD that is to be registered: the checks of readiness that need no more than its footer.</summary>
    private async Task<VhdInspection> InspectAsync(JsonObject desired, string location, CancellationToken cancellationToken)
    {
        string address = DocumentFields.Text(desired, "properties", "storageProfile", "osDisk", "blobUri")
            ?? throw DocumentFields.Invalid(
                DiskField, "The image has no source.", "Give sourceVirtualMachine, or storageProfile.osDisk with blobUri, managedDisk or snapshot.");
        (LocationMedia media, string blob) = parts.Media.Resolve(BlobField, address, location);
        if (media.Location != location)
        {
            throw DocumentFields.Invalid(
                BlobField, $"'{blob}' is in the store of location '{media.Location}', expected '{location}'.",
                "Copy the VHD to that location's store with Copy-BaseVhd, or register the image in the other location.");
        }

        VhdInspection vhd = await media.InspectAsync(blob, cancellationToken).ConfigureAwait(false) ?? throw MediaErrors.NoBlob(BlobField, blob, location);
        return vhd.IsFit ? vhd : throw MediaErrors.Unfit(BlobField, vhd);
    }

    /// <summary>Checks what a new image is made from, and completes what was asked for.</summary>
    private static void CompleteNew(FabricTable table, ResourceId id, JsonObject desired, JsonObject observed, string location, VhdInspection? vhd)
    {
        JsonObject properties = DocumentFields.Ensure(desired, "properties");
        if (DocumentFields.Text(desired, "properties", "sourceVirtualMachine", "id") is { } machineId)
        {
            Capture(table, desired, properties, machineId, location);
        }

        JsonObject disk = DocumentFields.Object(desired, "properties", "storageProfile", "osDisk")
            ?? throw DocumentFields.Invalid(DiskField, "Required parameter 'storageProfile.osDisk' is missing (null).", "Give the OS disk.");
        if (DocumentFields.Object(desired, "properties", "storageProfile") is { } profile && profile["dataDisks"] is JsonArray { Count: > 0 })
        {
            throw DocumentFields.Invalid(
                "properties.storageProfile.dataDisks", "An image holds the OS disk only.", "Copy data disks in storage, and attach the copies.");
        }

        if (!ImageDocument.IsRegistered(desired))
        {
            UseSource(table, properties, disk, location);
        }

        RequireOneOf(disk, "osType", "Linux", "Windows");
        disk["osState"] ??= "Generalized";
        RequireOneOf(disk, "osState", "Generalized", "Specialized");
        properties["hyperVGeneration"] ??= "V1";
        RequireOneOf(properties, "hyperVGeneration", "V1", "V2");
        if (vhd is not null)
        {
            Register(table, id, observed, location, vhd);
        }
    }

    /// <summary>A registered VHD stays where it is, and belongs to the image from here on.</summary>
    private static void Register(FabricTable table, ResourceId id, JsonObject observed, string location, VhdInspection vhd)
    {
        ResourceId owner = table.ClaimBlob(location, vhd.Blob, id);
        if (owner != id)
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "ResourceInUse", BlobField, $"'{vhd.Blob}' belongs to {owner}.",
                "Make the image from that resource, or copy the VHD with Copy-BaseVhd.");
        }

        if (vhd.IsLeased)
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "ResourceInUse", BlobField, $"'{vhd.Blob}' is leased{(vhd.Holder is { } holder ? $" by {holder}" : "")}.",
                "Wait until its user is done, or break the lease when nobody uses the VHD any more.");
        }

        MediaDocument.Register(observed, vhd);
    }

    /// <summary>
    /// A machine is captured at rest: its OS disk only, which stays as it is. Specialized is an extension of this fabric; Azure captures managed
    /// images of generalized machines only.
    /// </summary>
    private static void Capture(FabricTable table, JsonObject desired, JsonObject properties, string machineId, string location)
    {
        Resource machine = MediaRules.RequireSource(table, MachineField, machineId, location, ResourceType.VirtualMachines);
        string name = machine.Id.Name;
        if (machine.State != ProvisioningState.Succeeded || !MediaRules.IsAtRest(machine))
        {
            throw MediaRules.NotAllowed(name, $"The virtual machine '{name}' cannot be captured: it is not stopped.", "Stop it with Stop-VMInstance, then capture it.");
        }

        JsonObject disk = DocumentFields.Ensure(DocumentFields.Ensure(properties, "storageProfile"), "osDisk");
        bool isGeneralized = DocumentFields.Flag(machine.Desired, MediaDocument.Hidden, "generalized");
        disk["osState"] ??= "Generalized";
        if ("Generalized".Equals(DocumentFields.Text(disk, "osState"), StringComparison.OrdinalIgnoreCase) && !isGeneralized)
        {
            throw MediaRules.NotAllowed(
                name, $"The virtual machine '{name}' cannot be captured as a generalized image: it has not been set to generalized.",
                "Generalize the guest and then the virtual machine, or capture a Specialized image.");
        }

        JsonObject source = DocumentFields.Object(machine.Desired, "properties", "storageProfile", "osDisk") ?? [];
        disk["managedDisk"] = new JsonObject { ["id"] = DocumentFields.Text(source, "managedDisk", "id") };
        if (DocumentFields.Text(source, "osType") is { } osType)
        {
            disk["osType"] ??= osType;
        }

        if (DocumentFields.Text(source, "caching") is { } caching)
        {
            disk["caching"] ??= caching;
        }

        ImageDocument.RememberDataDisks(desired, machine);
    }

    private static void UseSource(FabricTable table, JsonObject properties, JsonObject disk, string location)
    {
        disk.Remove("blobUri");
        string kind = disk.ContainsKey("managedDisk") ? "managedDisk" : "snapshot";
        Resource source = MediaRules.RequireWhole(MediaRules.RequireSource(
            table, $"{DiskField}.{kind}.id", DocumentFields.Text(disk, kind, "id"), location, ResourceType.Disks, ResourceType.Snapshots));
        if (!properties.ContainsKey("sourceVirtualMachine") && Disks.DiskDocument.ManagedBy(source) is { } user
            && table.Find(user) is { } machine && !MediaRules.IsAtRest(machine))
        {
            throw MediaRules.NotAllowed(
                source.Id.Name, $"The disk '{source.Id.Name}' is attached to the running VM {user}.", "Stop the virtual machine, or make the image from a snapshot.");
        }

        if (DocumentFields.Text(source.Desired, "properties", "osType") is { } osType)
        {
            disk["osType"] ??= osType;
        }

        if (DocumentFields.Text(source.Desired, "properties", "hyperVGeneration") is { } generation)
        {
            properties["hyperVGeneration"] ??= generation;
        }
    }

    /// <summary>Takes one of two words in any case of letters, and keeps it in Azure's spelling.</summary>
    private static void RequireOneOf(JsonObject document, string field, string first, string second)
    {
        string? text = DocumentFields.Text(document, field);
        string known = new[] { first, second }.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw DocumentFields.Invalid(
                field, text is null ? $"Required parameter '{field}' is missing (null)." : $"The field '{field}' says '{text}', expected {first} or {second}.",
                $"Give {first} or {second}.");
        document[field] = known;
    }
}
