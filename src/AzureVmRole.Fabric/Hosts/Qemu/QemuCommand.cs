using System.Globalization;
using System.Net;

namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>The command line of a guest; pure. Sockets are QEMU's to connect to: whoever starts it listens first.</summary>
internal static class QemuCommand
{
    // What Azure's guests see of their machine. Agents look for the asset tag, and Debian's waagent for a version that starts with "Hyper-V".
    private const string Maker = "manufacturer=Microsoft Corporation,product=Virtual Machine,version=Hyper-V UEFI Release v4.1";
    private const string AssetTag = "7783-7084-3265-9085-8269-3286-77";

    /// <summary>The controller that the disks are on: LUNs are those of Azure's data disks, and the disk of the operating system has a target of its own.</summary>
    private const string Controller = "scsi0";

    private const string NvmeController = "nvme0";

    /// <summary>NVM Express Base Specification, "Identify Controller Data Structure": the serial number has 20 bytes.</summary>
    private const int LongestSerial = 20;

    /// <summary>Makes the arguments.</summary>
    /// <param name="qemu">The program.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="files">Where sockets and variables are.</param>
    /// <param name="network">Where the network is on loopback; null for the socket among the files.</param>
    public static IReadOnlyList<string> Make(QemuInstallation qemu, QemuGuestOptions guest, QemuFiles files, IPEndPoint? network)
    {
        List<string> arguments =
        [
            "-nodefaults", "-no-user-config", "-display", "none", "-vga", "std",
            "-name", $"azvmrole-{guest.InstanceId}",
            "-accel", qemu.Accelerator,
            "-machine", guest.IsGeneration2 ? "q35" : "pc,graphics=off",
            "-cpu", "max,hypervisor=off",
            "-smp", guest.Cores.ToString(CultureInfo.InvariantCulture),
            "-m", guest.MemoryInMiB.ToString(CultureInfo.InvariantCulture),
            "-rtc", "base=utc",
            "-smbios", $"type=1,{Maker},uuid={guest.InstanceId}",
            "-smbios", $"type=3,asset={AssetTag}",
            "-chardev", $"socket,id=monitor,path={Escape(files.MonitorPath)}",
            "-mon", "chardev=monitor,mode=control",
            "-chardev", $"socket,id=console,path={Escape(files.ConsolePath)}",
            "-serial", "chardev:console",
            "-netdev", network is null ? $"stream,id=net0,server=off,addr.type=unix,addr.path={Escape(files.NetworkPath)}" : $"socket,id=net0,connect={network}",
            "-device", $"virtio-net-pci,netdev=net0,mac={string.Join(':', guest.Adapter.GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)))},romfile=",
            "-device", $"virtio-scsi-pci,id={Controller}",
        ];
        if (guest.IsGeneration2)
        {
            QemuFirmware firmware = qemu.Firmware ?? throw new InvalidOperationException("There is no UEFI firmware.");
            arguments.AddRange(["-drive", $"if=pflash,format=raw,readonly=on,file={Escape(firmware.CodePath)}"]);
            arguments.AddRange(["-drive", $"if=pflash,format=raw,file={Escape(files.VariablesPath)}"]);
        }

        foreach (QemuDisk disk in ((IEnumerable<QemuDisk?>)[guest.OSDisk, guest.TemporaryDisk, .. guest.DataDisks]).OfType<QemuDisk>())
        {
            arguments.AddRange(["-drive", Drive(disk)]);
            if (disk == guest.OSDisk && guest.IsOSDiskNvme)
            {
                arguments.AddRange(NvmeDevices(disk, guest.InstanceId));
            }
            else
            {
                arguments.AddRange(["-device", string.Join(',', Device(disk).Select(pair => $"{pair.Key}={pair.Value}"))]);
            }
        }

        // As in Azure: IDE in generation 1, SCSI in generation 2, whose kernels need not know SATA.
        string drive = guest.IsGeneration2 ? $"scsi-cd,id=dvd,bus={Controller}.0,scsi-id=0,lun=2" : "ide-cd,id=dvd,bus=ide.1";
        arguments.AddRange(guest.WriteMedia is not null
            ? ["-drive", $"id=media,if=none,media=cdrom,format=raw,readonly=on,file={Escape(files.MediaPath)}", "-device", drive + ",drive=media"]
            : ["-device", drive]);
        return arguments;
    }

    /// <summary>A disk's device: the options of <c>-device</c>, and of the monitor's <c>device_add</c>.</summary>
    public static IReadOnlyDictionary<string, string> Device(QemuDisk disk)
    {
        var device = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["driver"] = "scsi-hd",
            ["id"] = disk.Id,
            ["bus"] = Controller + ".0",
            ["drive"] = "drive-" + disk.Id,
            // As in Azure: target 0 has the operating system at LUN 0 and the temporary disk at LUN 1, target 1 the data disks.
            ["scsi-id"] = disk.Lun < 0 ? "0" : "1",
            ["lun"] = disk.Lun switch { QemuDisk.OSLun => "0", QemuDisk.TemporaryLun => "1", _ => disk.Lun.ToString(CultureInfo.InvariantCulture) },
        };
        if (disk.Lun == QemuDisk.OSLun)
        {
            device["bootindex"] = "1";
        }

        return device;
    }

    /// <summary>
    /// The disk of the operating system as the first namespace of an NVMe controller (Azure's <c>nvme0n1</c>). The namespace is a device of its own: QEMU 5.2 has the order of booting
    /// there and not at the controller. It cannot be plugged in while the guest runs, so other disks are not there.
    /// </summary>
    private static string[] NvmeDevices(QemuDisk disk, string instanceId) =>
    [
        "-device", $"nvme,id={NvmeController},serial={instanceId[..LongestSerial]}",
        "-device", $"nvme-ns,id={disk.Id},bus={NvmeController},nsid=1,drive=drive-{disk.Id},bootindex=1",
    ];

    /// <summary>A disk's drive: the value of <c>-drive</c>.</summary>
    public static string Drive(QemuDisk disk)
    {
        // The host's cache, as Azure's: None bypasses it, ReadOnly reads from it and writes through, ReadWrite uses it for both.
        string cache = disk.Caching switch { "None" => "none", "ReadOnly" => "writethrough", _ => "writeback" };

        // Some programs note a geometry that is smaller than the disk: its size counts (VHD specification, "Hard Disk Footer Format", Current Size).
        string size = disk.Format == "vpc" ? ",force_size_calc=current_size" : "";
        string file = disk.IsUntouched ? ",snapshot=on,cache=unsafe" : $",cache={cache}";
        return $"id=drive-{disk.Id},if=none,driver={disk.Format}{size},file.driver=file,file.filename={Escape(disk.Path)},discard=unmap{file}";
    }

    /// <summary>A value among options that are separated by commas.</summary>
    public static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);
}
