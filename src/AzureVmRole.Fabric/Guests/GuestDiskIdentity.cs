namespace AzureVmRole.Fabric.Guests;

/// <summary>A data disk as the metadata service shows it.</summary>
/// <param name="Lun">The logical unit number.</param>
/// <param name="Name">The name of the disk.</param>
/// <param name="Id">Its resource id.</param>
/// <param name="SizeInGB">In GiB, rounded up.</param>
/// <param name="Caching"><c>None</c>, <c>ReadOnly</c> or <c>ReadWrite</c>.</param>
internal sealed record GuestDiskIdentity(int Lun, string Name, string Id, int SizeInGB, string Caching);
