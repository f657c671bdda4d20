using System.Globalization;
using System.Text.Json;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;

namespace AzureVmRole.Engine.Compute.Images;

/// <summary>Images as the service tells them, and as scripts get them.</summary>
internal static class ImageDescription
{
    public static VMImage Of(DiskImageData data)
    {
        ImageOSDisk? disk = data.StorageProfile?.OSDisk;
        return new VMImage
        {
            ImageName = data.Name,
            ResourceGroupName = data.Id.ResourceGroupName ?? "",
            Location = data.Location.Name,
            OS = Words.OSOf(disk?.OSType) ?? OSKind.Linux,
            OSState = disk?.OSState == OperatingSystemStateType.Specialized ? OSState.Specialized : OSState.Generalized,
            Generation = Words.GenerationOf(data.HyperVGeneration),
            MediaLink = Addresses.WithoutQuery(disk?.BlobUri),
            Label = data.Tags.TryGetValue(Words.LabelTag, out string? label) ? label : null,
            Description = data.Tags.TryGetValue(Words.DescriptionTag, out string? description) ? description : null,
            HostCaching = disk?.Caching is { } caching ? Words.CachingOf(caching) : HostCaching.ReadWrite,
            LogicalSizeInGB = disk?.DiskSizeGB,
            SourceVMName = Addresses.NameOf(data.SourceVirtualMachineId?.ToString()),
            DataDisks = [.. DataDiskTags(data.Tags).SelectMany(ReadDisks)],
            ProvisioningState = data.ProvisioningState ?? "",
            Id = data.Id.ToString(),
        };
    }

    // A tag is short: what does not fit into the first goes on in -2, -3 and so on.
    private static IEnumerable<string> DataDiskTags(IDictionary<string, string> tags)
    {
        string name = Words.DataDisksTag;
        for (int number = 2; tags.TryGetValue(name, out string? disks); number++)
        {
            yield return disks;
            name = string.Create(CultureInfo.InvariantCulture, $"{Words.DataDisksTag}-{number}");
        }
    }

    // A tag is text that anybody may write: what is no such list is none.
    private static List<DataDisk> ReadDisks(string tag)
    {
        var disks = new List<DataDisk>();
        try
        {
            using var document = JsonDocument.Parse(tag);
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
            {
                string id = entry.GetProperty("id").GetString() ?? "";
                disks.Add(new DataDisk
                {
                    Lun = entry.GetProperty("lun").GetInt32(),
                    DiskName = Addresses.NameOf(id) ?? "",
                    HostCaching = entry.TryGetProperty("caching", out JsonElement text) && Enum.TryParse(text.GetString(), out HostCaching caching)
                        ? caching
                        : HostCaching.None,
                    Id = id,
                });
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return [];
        }

        return disks;
    }
}
