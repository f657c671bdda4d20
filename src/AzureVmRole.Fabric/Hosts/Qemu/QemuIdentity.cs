using System.Net;
using System.Net.NetworkInformation;
using AzureVmRole.Fabric.Guests;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>Makes the identity that a guest meets everywhere from what its host was ordered to bring up.</summary>
internal static class QemuIdentity
{
    private const int BytesInGiB = 1 << 30;

    // Every guest has a network of its own, so all have the same addresses.
    private static readonly IPAddress Address = new([10, 0, 0, 4]);
    private static readonly IPAddress Gateway = new([10, 0, 0, 1]);

    /// <summary>Makes it.</summary>
    /// <param name="order">What is brought up.</param>
    /// <param name="location">Where.</param>
    /// <param name="secrets">What the guest is told while it is provisioned.</param>
    public static GuestIdentity Make(GuestOrder order, string location, GuestSecrets secrets) => new()
    {
        InstanceId = order.InstanceId,
        ContainerId = Guid.NewGuid().ToString("D"),
        Name = order.Name,
        ComputerName = order.Profile?.ComputerName ?? order.Name,
        OSType = order.OSType,
        SubscriptionId = order.SubscriptionId,
        ResourceGroupName = order.ResourceGroupName,
        Location = location,
        Size = order.Size,
        AdminUserName = order.Profile?.AdminUserName,
        AdminPassword = secrets.AdminPassword,
        IsPasswordDisabled = order.Profile?.IsPasswordDisabled ?? false,
        Keys = order.Profile?.Keys ?? [],
        CustomData = secrets.CustomData is { } data ? Convert.FromBase64String(data) : null,
        UserData = secrets.UserData,
        DataDisks = DisksOf(order.DataDisks),
        Tags = order.Tags,
        Address = Address,
        Gateway = Gateway,
        Adapter = AdapterOf(order.InstanceId),
    };

    /// <summary>Data disks as the metadata service shows them.</summary>
    public static IReadOnlyList<GuestDiskIdentity> DisksOf(IEnumerable<GuestDisk> disks) =>
    [
        .. disks.OrderBy(disk => disk.Lun)
            .Select(disk => new GuestDiskIdentity(disk.Lun, disk.Name, disk.ResourceId, (int)((disk.SizeInBytes + BytesInGiB - 1) / BytesInGiB), disk.Caching)),
    ];

    /// <summary>Microsoft's prefix, and three bytes of the instance's id: the same at every boot, so that the guest keeps its adapter.</summary>
    private static PhysicalAddress AdapterOf(string instanceId)
    {
        byte[] id = Guid.Parse(instanceId).ToByteArray();
        return new PhysicalAddress([0x00, 0x0d, 0x3a, id[13], id[14], id[15]]);
    }
}
