namespace AzureVmRole.Disks.Vhdx;

/// <summary>The ids of the metadata items that the format defines ([MS-VHDX] section 2.6.2).</summary>
internal static class VhdxMetadataItem
{
    public static readonly Guid FileParameters = new("CAA16737-FA36-4D43-B3B6-33F0AA44E76B");
    public static readonly Guid VirtualDiskSize = new("2FA54224-CD1B-4876-B211-5DBED83BF4B8");
    public static readonly Guid VirtualDiskId = new("BECA12AB-B2E6-4523-93EF-C309E000C746");
    public static readonly Guid LogicalSectorSize = new("8141BF1D-A96F-4709-BA47-F233A8FAAB5F");
    public static readonly Guid PhysicalSectorSize = new("CDA348C7-445D-4471-9CC9-E9885251C556");
    public static readonly Guid ParentLocator = new("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C");

    public static bool IsKnown(Guid itemId) =>
        itemId == FileParameters || itemId == VirtualDiskSize || itemId == VirtualDiskId
        || itemId == LogicalSectorSize || itemId == PhysicalSectorSize || itemId == ParentLocator;
}
