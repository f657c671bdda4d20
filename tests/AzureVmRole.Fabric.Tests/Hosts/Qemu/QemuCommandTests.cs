using AzureVmRole.Fabric.Hosts.Qemu;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

public sealed class QemuCommandTests
{
    [Theory]
    [InlineData("None", "cache=none")]
    [InlineData("ReadOnly", "cache=writethrough")]
    [InlineData("ReadWrite", "cache=writeback")]
    public void Drive_HostCaching_IsQemusCache(string caching, string expected) =>
        Assert.Contains(expected, QemuCommand.Drive(new QemuDisk(0, "/a.vhd", "vpc", caching)).Split(','), StringComparer.Ordinal);

    [Fact]
    public void Drive_PathWithAComma_IsOneValue() =>
        Assert.Contains("file.filename=/a,,b.vhd", QemuCommand.Drive(new QemuDisk(0, "/a,b.vhd", "vpc", "None")), StringComparison.Ordinal);

    [Theory]
    [InlineData(QemuDisk.OSLun, "0", "0")]
    [InlineData(QemuDisk.TemporaryLun, "0", "1")]
    [InlineData(63, "1", "63")]
    public void Device_Lun_IsWhereAzureHasIt(int lun, string target, string unit)
    {
        IReadOnlyDictionary<string, string> device = QemuCommand.Device(new QemuDisk(lun, "/a.vhd", "vpc", "None"));

        Assert.Equal((target, unit), (device["scsi-id"], device["lun"]));
    }
}
