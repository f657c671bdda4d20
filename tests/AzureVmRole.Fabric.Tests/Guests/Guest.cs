using System.Net;
using System.Net.NetworkInformation;
using AzureVmRole.Fabric.Guests;

namespace AzureVmRole.Fabric.Tests.Guests;

/// <summary>A guest to test with.</summary>
internal static class Guest
{
    public static GuestIdentity Identity => new()
    {
        InstanceId = "5d8b3f0a-3a05-4b37-9d8a-0f6a3f5f6d11",
        ContainerId = "7c6a1f0e-93f3-4f0c-8a43-3f1f6f3f2e10",
        Name = "web1",
        ComputerName = "web1",
        OSType = "Linux",
        SubscriptionId = "00000000-0000-0000-0000-00000000a23e",
        ResourceGroupName = "azvmrole",
        Location = "local1",
        Size = "Standard_B2s",
        AdminUserName = "azureuser",
        Address = new IPAddress([10, 0, 0, 4]),
        Gateway = new IPAddress([10, 0, 0, 1]),
        Adapter = new PhysicalAddress([0x00, 0x0d, 0x3a, 0x12, 0x34, 0x56]),
    };
}
