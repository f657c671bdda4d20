using System.Net;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.Engine.Compute.Instances;

namespace AzureVmRole.Engine.Compute.Capture;

/// <summary>
/// Makes an image of a stopped instance's OS disk, on a VHD of its own: the instance's own VHD remains. Data disks are not captured; the image remembers them.
/// </summary>
public static class ImageCapture
{
    /// <summary>Checks that it is stopped, marks it generalised, makes the image, and removes the instance unless it is to be kept.</summary>
    /// <exception cref="FabricException">OperationNotAllowed when it is not stopped; ResourceConflict when there is an image of that name.</exception>
    public static async Task<VMImage> RunAsync(
        FabricConnection connection, CaptureOptions options, OperationOptions waiting, CancellationToken cancellationToken)
    {
        VirtualMachineResource machine = await VMInstances.ReadAsync(connection, options.ResourceGroupName, options.Name, cancellationToken).ConfigureAwait(false);
        await CheckAsync(connection, machine, options, cancellationToken).ConfigureAwait(false);
        if (options.OSState == OSState.Generalized)
        {
            await FabricFailures.AskAsync(connection, "mark generalised", options.Name, machine.GeneralizeAsync, cancellationToken).ConfigureAwait(false);
            waiting.Log?.WriteDecision($"'{options.Name}' is marked as generalised: it cannot be started any more.");
        }

        DiskImageData data = Describe(machine.Data, options, connection.IsLocal);
        await VMImages.CreateAsync(connection, options.ResourceGroupName, options.ImageName, data, "capture image", waiting, cancellationToken).ConfigureAwait(false);
        VMImage image = await VMImages.GetAsync(connection, options.ResourceGroupName, options.ImageName, cancellationToken).ConfigureAwait(false);
        if (!options.KeepInstance)
        {
            await VMInstances.RemoveAsync(connection, options.ResourceGroupName, options.Name, waiting with { NoWait = false }, cancellationToken).ConfigureAwait(false);
        }

        return image;
    }

    // Before anything is marked: a name that is taken would leave an instance that can neither be captured so nor started.
    private static async Task CheckAsync(
        FabricConnection connection, VirtualMachineResource machine, CaptureOptions options, CancellationToken cancellationToken)
    {
        VMInstance instance = InstanceDescription.Of(connection, machine.Data, new Dictionary<string, Uri>(StringComparer.Ordinal));
        if (instance.PowerState is not ("stopped" or "deallocated"))
        {
            throw new FabricException(
                HttpStatusCode.Conflict, "OperationNotAllowed", options.Name, $"'{options.Name}' is {instance.Status}, only a stopped instance can be captured.",
                "Prepare its system (sysprep, waagent -deprovision), then run Stop-VMInstance.");
        }

        bool exists = await FabricFailures.AskAsync(
            connection, "read image", options.ImageName,
            async token => (await connection.Group(options.ResourceGroupName).GetDiskImages().ExistsAsync(options.ImageName, expand: null, token).ConfigureAwait(false)).Value,
            cancellationToken).ConfigureAwait(false);
        if (exists)
        {
            throw ResourceCreation.Exists("image", options.ImageName, connection.Group(options.ResourceGroupName));
        }
    }

    // Azure makes images of virtual machines that are generalised only; of others it takes the disk, and forgets the data disks.
    private static DiskImageData Describe(VirtualMachineData machine, CaptureOptions options, bool isLocal)
    {
        var data = new DiskImageData(machine.Location);
        VirtualMachineOSDisk disk = machine.StorageProfile.OSDisk;
        if (options.OSState == OSState.Generalized || isLocal)
        {
            data.SourceVirtualMachineId = machine.Id;
        }

        if (options.OSState == OSState.Specialized)
        {
            data.StorageProfile = new ImageStorageProfile
            {
                OSDisk = new ImageOSDisk(disk.OSType ?? SupportedOperatingSystemType.Linux, OperatingSystemStateType.Specialized)
                {
                    ManagedDiskId = disk.ManagedDisk?.Id,
                    BlobUri = disk.VhdUri,
                    Caching = disk.Caching,
                },
            };
        }

        VMImages.Label(data, options.Label, description: null);
        return data;
    }
}
