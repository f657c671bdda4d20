using AzureVmRole.Fabric.Media;

namespace AzureVmRole.Fabric.Disks;

/// <summary>A VHD in storage that a disk is to be.</summary>
/// <param name="Media">The location that it is in.</param>
/// <param name="Inspection">What was found.</param>
internal sealed record ImportedVhd(LocationMedia Media, VhdInspection Inspection);
