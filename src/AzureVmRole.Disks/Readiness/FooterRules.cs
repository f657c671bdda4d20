using AzureVmRole.Disks.Vhd;

namespace AzureVmRole.Disks.Readiness;

/// <summary>What Azure, and the programs on the way there, want of a VHD's footer.</summary>
internal static class FooterRules
{
    private const string Repair = "Run Repair-BaseVhd.";

    public static IReadOnlyList<ReadinessRule> All { get; } =
    [
        new("FooterFields", Fields, IsAboutFile: true),
        new("FooterGeometry", Geometry, IsAboutFile: true),
        new("FooterCreator", Creator, IsAboutFile: true),
        new("FooterIdentifier", Identifier),
    ];

    private static IEnumerable<DiskFinding> Fields(ReadinessSubject subject)
    {
        if (FooterOf(subject) is not { } footer)
        {
            yield break;
        }

        if ((footer.Features | VhdFormatConstants.FeatureTemporary) != (VhdFormatConstants.FeatureReserved | VhdFormatConstants.FeatureTemporary))
        {
            yield return subject.Finding(
                "FooterFields", FindingSeverity.Error, $"The footer's features (offset 8) are 0x{footer.Features:X8}.",
                "0x00000002, or 0x00000003 for a temporary disk.", Repair, canRepair: true);
        }

        if (footer.DiskType == (uint)VhdType.Fixed && footer.DataOffset != VhdFormatConstants.NoDataOffset)
        {
            yield return subject.Finding(
                "FooterFields", FindingSeverity.Error, $"The footer's data offset (offset 16) is 0x{footer.DataOffset:X16}.",
                "0xFFFFFFFFFFFFFFFF for a fixed disk.", Repair, canRepair: true);
        }

        if (footer.SavedState != 0)
        {
            yield return subject.Finding(
                "FooterFields", FindingSeverity.Warning, $"The footer's saved state (offset 84) is {footer.SavedState}: the machine was saved, not shut down.",
                "0.", "Shut the machine down cleanly if you can, then run Repair-BaseVhd.", canRepair: true);
        }

        if (footer.Reserved.Span.ContainsAnyExcept((byte)0))
        {
            yield return subject.Finding(
                "FooterFields", FindingSeverity.Information, "The footer's reserved bytes (from offset 85) are not zero.",
                "Zeros; Azure does not look at them.", "Nothing needs to be done.");
        }
    }

    private static IEnumerable<DiskFinding> Geometry(ReadinessSubject subject)
    {
        var expected = VhdGeometry.FromSize(subject.Disk.LengthInBytes);
        if (FooterOf(subject) is { } footer && footer.Geometry != expected && footer.Geometry != VhdGeometry.Largest)
        {
            yield return subject.Finding(
                "FooterGeometry", FindingSeverity.Warning, $"The footer's geometry (offset 56) is {footer.Geometry}.",
                $"{expected} for {subject.Disk.LengthInBytes} bytes.", Repair, canRepair: true);
        }
    }

    private static IEnumerable<DiskFinding> Creator(ReadinessSubject subject)
    {
        if (FooterOf(subject) is { } footer && !VhdFooterRepair.IsSizeHonoured(footer.CreatorApplication)
            && footer.Geometry != VhdGeometry.Largest && footer.Geometry.SizeInBytes != subject.Disk.LengthInBytes)
        {
            yield return subject.Finding(
                "FooterCreator", FindingSeverity.Warning,
                $"The footer's creator (offset 28) is '{footer.CreatorApplication.TrimEnd('\0')}'; programs such as QEMU take the size of its disks from the geometry, {footer.Geometry.SizeInBytes} bytes.",
                $"A creator such as 'win ', whose current size of {subject.Disk.LengthInBytes} bytes every program takes.", Repair, canRepair: true);
        }
    }

    private static IEnumerable<DiskFinding> Identifier(ReadinessSubject subject)
    {
        if (FooterOf(subject) is { } footer && footer.UniqueId == Guid.Empty)
        {
            yield return subject.Finding(
                "FooterIdentifier", FindingSeverity.Warning, "The footer's unique id (offset 68) is empty.",
                "An id of its own: differences know their parent by it.",
                "Convert the disk with Convert-BaseVhd, which gives the copy an id.");
        }
    }

    private static VhdFooter? FooterOf(ReadinessSubject subject) => (subject.Disk as IVhdDisk)?.Footers.Footer;
}
