namespace AzureVmRole.Fabric.Hosts;

/// <summary>A disk as a guest gets it.</summary>
/// <param name="Lun">The logical unit number of a data disk; -1 for the disk of the operating system.</param>
/// <param name="Path">The absolute path of the fixed VHD.</param>
/// <param name="SizeInBytes">The virtual size.</param>
/// <param name="Caching"><c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
/// <param name="Name">The name of its resource.</param>
/// <param name="ResourceId">The id of its resource.</param>
public sealed record GuestDisk(int Lun, string Path, long SizeInBytes, string Caching, string Name = "", string ResourceId = "");
