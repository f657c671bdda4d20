using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.Engine.Compute.Images;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>The request that makes an instance.</summary>
internal static class InstanceRequest
{
    public static async Task<VirtualMachineData> CreateAsync(FabricConnection connection, VMInstanceOptions options, CancellationToken cancellationToken)
    {
        VirtualMachineData data;
        if (options.ImageName is { } imageName)
        {
            VMImage image = await FindImageAsync(connection, options, imageName, cancellationToken).ConfigureAwait(false);
            data = new VirtualMachineData(options.Location ?? image.Location) { StorageProfile = FromImage(options, image) };
            if (image.OSState == OSState.Generalized)
            {
                data.OSProfile = ProfileOf(options, image.OS);
            }
        }
        else
        {
            VMDisk disk = await FindDiskAsync(connection, options, options.DiskName ?? "", cancellationToken).ConfigureAwait(false);
            data = new VirtualMachineData(options.Location ?? disk.Location) { StorageProfile = FromDisk(options, disk) };
        }

        data.StorageProfile.DiskControllerType = Words.ControllerOf(options.DiskControllerType);
        data.HardwareProfile = new VirtualMachineHardwareProfile { VmSize = options.Size };
        if (options.NetworkInterfaceIds.Count > 0)
        {
            data.NetworkProfile = new VirtualMachineNetworkProfile();
            foreach (string id in options.NetworkInterfaceIds)
            {
                data.NetworkProfile.NetworkInterfaces.Add(new VirtualMachineNetworkInterfaceReference { Id = new ResourceIdentifier(id) });
            }
        }

        return data;
    }

    private static VirtualMachineStorageProfile FromImage(VMInstanceOptions options, VMImage image) => new()
    {
        ImageReference = new ImageReference { Id = new ResourceIdentifier(image.Id) },
        OSDisk = new VirtualMachineOSDisk(DiskCreateOptionType.FromImage)
        {
            Caching = Words.CachingOf(options.HostCaching),
            OSType = Words.OSTypeOf(image.OS),
            DeleteOption = DiskDeleteOptionType.Detach,
        },
    };

    private static VirtualMachineStorageProfile FromDisk(VMInstanceOptions options, VMDisk disk) => new()
    {
        OSDisk = new VirtualMachineOSDisk(DiskCreateOptionType.Attach)
        {
            Name = disk.DiskName,
            Caching = Words.CachingOf(options.HostCaching),
            OSType = Words.OSTypeOf(disk.OS ?? throw new FabricException(
                ErrorCode.RequestInvalid, disk.DiskName, $"The disk '{disk.DiskName}' is registered as a data disk, an instance starts from a disk with an operating system.",
                "Register its VHD with Add-VMDisk -OS.")),
            ManagedDisk = new VirtualMachineManagedDisk { Id = new ResourceIdentifier(disk.Id) },
            DeleteOption = DiskDeleteOptionType.Detach,
        },
    };

    private static VirtualMachineOSProfile ProfileOf(VMInstanceOptions options, OSKind os)
    {
        if (options.AdminUserName is not { } user || (options.AdminPassword is null && options.SshPublicKey is null))
        {
            throw new FabricException(
                ErrorCode.RequestInvalid, options.Name, $"The image of '{options.Name}' is generalised, so the instance needs an account.",
                os == OSKind.Windows ? "Give -AdminUserName and -AdminPassword." : "Give -AdminUserName, and -AdminPassword or -SshPublicKey.");
        }

        var profile = new VirtualMachineOSProfile
        {
            ComputerName = os == OSKind.Windows && options.Name.Length > 15 ? options.Name[..15] : options.Name,
            AdminUsername = user,
            AdminPassword = options.AdminPassword,
            CustomData = options.CustomData,
        };
        if (os == OSKind.Linux)
        {
            profile.LinuxConfiguration = new LinuxConfiguration { IsPasswordAuthenticationDisabled = options.AdminPassword is null };
            if (options.SshPublicKey is { } key)
            {
                profile.LinuxConfiguration.SshPublicKeys.Add(new SshPublicKeyConfiguration { Path = $"/home/{user}/.ssh/authorized_keys", KeyData = key });
            }
        }

        return profile;
    }

    private static Task<VMImage> FindImageAsync(FabricConnection connection, VMInstanceOptions options, string name, CancellationToken cancellationToken) =>
        name.StartsWith('/')
            ? VMImages.GetAsync(connection, Addresses.GroupOf(name), Addresses.NameOf(name) ?? "", cancellationToken)
            : VMImages.GetAsync(connection, options.ResourceGroupName, name, cancellationToken);

    private static Task<VMDisk> FindDiskAsync(FabricConnection connection, VMInstanceOptions options, string name, CancellationToken cancellationToken) =>
        name.StartsWith('/')
            ? VMDisks.GetAsync(connection, Addresses.GroupOf(name), Addresses.NameOf(name) ?? "", cancellationToken)
            : VMDisks.GetAsync(connection, options.ResourceGroupName, name, cancellationToken);
}
