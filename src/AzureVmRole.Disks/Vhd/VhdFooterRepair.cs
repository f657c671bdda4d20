namespace AzureVmRole.Disks.Vhd;

/// <summary>What a footer should say that says something wrong in a field whose right value is known.</summary>
internal static class VhdFooterRepair
{
    /// <summary>The footer with every such field put right; ids, times and reserved bytes stay.</summary>
    public static VhdFooter Mend(VhdFooter footer, long lengthInBytes) => footer with
    {
        Features = (footer.Features & VhdFormatConstants.FeatureTemporary) | VhdFormatConstants.FeatureReserved,
        Version = VhdFormatConstants.Version,
        DataOffset = footer.DiskType == (uint)VhdType.Fixed ? VhdFormatConstants.NoDataOffset : footer.DataOffset,
        CurrentSize = (ulong)lengthInBytes,
        Geometry = VhdGeometry.FromSize(lengthInBytes),
        SavedState = 0,
        CreatorApplication = IsSizeHonoured(footer.CreatorApplication) ? footer.CreatorApplication : "win ",
    };

    /// <summary>Whether readers that know creators (QEMU block/vpc.c) take the current size, not the geometry, from this one.</summary>
    public static bool IsSizeHonoured(string creator) => creator is "win " or "qem2" or "d2v " or "tap\0" or "CTXS";
}
