using System.Net;
using System.Net.NetworkInformation;
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

    [Fact]
    public void Make_OSDiskOnNvme_IsTheFirstNamespace_AndStartsFirst_WhileTheOthersAreScsi()
    {
        string[] devices = Devices(Guest with { IsGeneration2 = true, IsOSDiskNvme = true, DataDisks = [new QemuDisk(7, "/d.vhd", "vpc", "None")] });

        Assert.Contains("nvme,id=nvme0,serial=11111111-2222-3333-4", devices, StringComparer.Ordinal);
        Assert.Contains("nvme-ns,id=os,bus=nvme0,nsid=1,drive=drive-os,bootindex=1", devices, StringComparer.Ordinal);
        Assert.Equal("driver=scsi-hd,id=data7,bus=scsi0.0,drive=drive-data7,scsi-id=1,lun=7", Assert.Single(devices, device => device.StartsWith("driver=scsi-hd,", StringComparison.Ordinal)));
    }

    [Fact]
    public void Make_OSDiskNotOnNvme_HasNoNvmeController()
    {
        string[] devices = Devices(Guest with { IsGeneration2 = true });

        Assert.DoesNotContain(devices, device => device.StartsWith("nvme", StringComparison.Ordinal));
        Assert.Contains("driver=scsi-hd,id=os,bus=scsi0.0,drive=drive-os,scsi-id=0,lun=0,bootindex=1", devices, StringComparer.Ordinal);
    }

    [Fact]
    public void Make_NetworkOnLoopback_IsConnectedThere_ElseToTheUnixSocket()
    {
        using var files = QemuFiles.Make();
        var qemu = new QemuInstallation("/qemu", new Version(5, 2), Firmware: null, "tcg");

        Assert.Equal(["socket,id=net0,connect=127.0.0.1:4660"], ValuesOf("-netdev", QemuCommand.Make(qemu, Guest, files, new IPEndPoint(IPAddress.Loopback, 4660))), StringComparer.Ordinal);
        Assert.Equal(
            [$"stream,id=net0,server=off,addr.type=unix,addr.path={files.NetworkPath}"], ValuesOf("-netdev", QemuCommand.Make(qemu, Guest, files, network: null)), StringComparer.Ordinal);
    }

    private static string[] ValuesOf(string name, IReadOnlyList<string> arguments) =>
        [.. arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == name).Select(pair => pair.Second)];

    private static QemuGuestOptions Guest => new()
    {
        InstanceId = "11111111-2222-3333-4444-555555555555",
        Cores = 1,
        MemoryInMiB = 512,
        IsGeneration2 = false,
        OSDisk = new QemuDisk(QemuDisk.OSLun, "/a.vhd", "vpc", "None"),
        Adapter = new PhysicalAddress([0, 0x0d, 0x3a, 0, 0, 1]),
    };

    private static string[] Devices(QemuGuestOptions guest)
    {
        using var files = QemuFiles.Make();
        var qemu = new QemuInstallation("/qemu", new Version(7, 2), new QemuFirmware("/code", "/variables"), "tcg");
        return ValuesOf("-device", QemuCommand.Make(qemu, guest, files, network: null));
    }
}
