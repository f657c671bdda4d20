using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What is asked for, read from a desired document that was checked when it was accepted.</summary>
internal sealed record VmDocument
{
    /// <summary>A SCSI controller, as Azure writes it.</summary>
    public const string Scsi = "SCSI";

    /// <summary>An NVMe controller, as Azure writes it.</summary>
    public const string Nvme = "NVMe";

    /// <summary>The size's name: <c>Standard_B1s</c>.</summary>
    public required string Size { get; init; }

    /// <summary><c>Linux</c> or <c>Windows</c>.</summary>
    public required string OSType { get; init; }

    /// <summary>The name that the guest has; null for one without an OS profile.</summary>
    public string? ComputerName { get; init; }

    /// <summary>The image that the OS disk was made of; null for a disk that was there.</summary>
    public string? ImageId { get; init; }

    /// <summary>The disk of the operating system.</summary>
    public required VmDisk OSDisk { get; init; }

    /// <summary>Whether that disk is on an NVMe controller.</summary>
    public bool IsOSDiskNvme { get; init; }

    /// <summary>The data disks, in order of their logical unit numbers.</summary>
    public required IReadOnlyList<VmDisk> DataDisks { get; init; }

    /// <summary>The tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>What is asked for beside the body.</summary>
    public required VmIntent Intent { get; init; }

    /// <summary>The OS disk and the data disks.</summary>
    public IEnumerable<VmDisk> AllDisks => DataDisks.Prepend(OSDisk);

    /// <summary>Reads a desired document.</summary>
    public static VmDocument Parse(JsonObject desired)
    {
        JsonNode? properties = desired["properties"];
        JsonNode? osDisk = properties.At("storageProfile", "osDisk");
        return new VmDocument
        {
            Size = properties.Text("hardwareProfile", "vmSize") ?? "",
            OSType = osDisk.Text("osType") ?? "Linux",
            ComputerName = properties.Text("osProfile", "computerName"),
            ImageId = properties.Text("storageProfile", "imageReference", "id"),
            OSDisk = ReadDisk(osDisk, VmDisk.OSLun),
            IsOSDiskNvme = properties.Text("storageProfile", "diskControllerType") == Nvme,
            DataDisks =
            [
                .. properties.Objects("storageProfile", "dataDisks")
                    .Select(disk => ReadDisk(disk, (int)(disk.Number("lun") ?? 0))).OrderBy(disk => disk.Lun),
            ],
            Tags = (desired["tags"] as JsonObject ?? [])
                .ToDictionary(tag => tag.Key, tag => tag.Value.Text() ?? "", StringComparer.OrdinalIgnoreCase),
            Intent = VmIntent.Parse(desired),
        };
    }

    private static VmDisk ReadDisk(JsonNode? disk, int lun) => new(
        lun, disk.Text("name") ?? "", disk.Text("managedDisk", "id") ?? "", disk.Text("caching") ?? "None", disk.Text("deleteOption") == "Delete");
}
