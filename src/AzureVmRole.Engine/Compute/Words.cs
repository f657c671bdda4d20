using Azure.ResourceManager.Compute.Models;

namespace AzureVmRole.Engine.Compute;

/// <summary>The SDK's words and ours.</summary>
internal static class Words
{
    /// <summary>The tag that holds a label.</summary>
    public const string LabelTag = "azvmrole-label";

    /// <summary>The tag that holds a description.</summary>
    public const string DescriptionTag = "azvmrole-description";

    /// <summary>The tag of a captured image that holds the data disks of its instance (docs/design/fabric.md).</summary>
    public const string DataDisksTag = "azvmrole-data-disks";

    public static SupportedOperatingSystemType OSTypeOf(OSKind os) =>
        os == OSKind.Windows ? SupportedOperatingSystemType.Windows : SupportedOperatingSystemType.Linux;

    public static OSKind? OSOf(SupportedOperatingSystemType? os) =>
        os is null ? null : os == SupportedOperatingSystemType.Windows ? OSKind.Windows : OSKind.Linux;

    // The SDK's type takes a text in silence, and so null, which it refuses.
    public static Azure.ResourceManager.Compute.Models.DiskControllerType? ControllerOf(DiskControllerType? controller) => controller is { } asked
        ? asked == DiskControllerType.NVMe ? Azure.ResourceManager.Compute.Models.DiskControllerType.NVMe : Azure.ResourceManager.Compute.Models.DiskControllerType.Scsi
        : default(Azure.ResourceManager.Compute.Models.DiskControllerType?);

    public static DiskControllerType? ControllerOf(Azure.ResourceManager.Compute.Models.DiskControllerType? controller) =>
        Enum.TryParse(controller?.ToString(), ignoreCase: true, out DiskControllerType known) ? known : null;

    public static HyperVGeneration GenerationOf(DiskGeneration generation) => generation == DiskGeneration.Gen2 ? HyperVGeneration.V2 : HyperVGeneration.V1;

    public static DiskGeneration GenerationOf(HyperVGeneration? generation) => generation == HyperVGeneration.V2 ? DiskGeneration.Gen2 : DiskGeneration.Gen1;

    public static CachingType CachingOf(HostCaching caching) => caching switch
    {
        HostCaching.ReadOnly => CachingType.ReadOnly,
        HostCaching.ReadWrite => CachingType.ReadWrite,
        _ => CachingType.None,
    };

    public static HostCaching CachingOf(CachingType? caching) => caching switch
    {
        CachingType.ReadOnly => HostCaching.ReadOnly,
        CachingType.ReadWrite => HostCaching.ReadWrite,
        _ => HostCaching.None,
    };
}
