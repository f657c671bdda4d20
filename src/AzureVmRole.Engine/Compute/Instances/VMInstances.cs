using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using AzureVmRole.Engine.Compute.Connecting;

namespace AzureVmRole.Engine.Compute.Instances;

/// <summary>Instances: reading, making, and what can be done with them. Changes of their disks are in <see cref="InstanceUpdate"/>.</summary>
public static class VMInstances
{
    /// <summary>Reads instances.</summary>
    /// <exception cref="FabricException">ResourceNotFound when one name was given and there is none; others as the service says.</exception>
    public static async IAsyncEnumerable<VMInstance> FindAsync(
        FabricConnection connection, ResourceQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query is { IsOne: true, Name: { } name })
        {
            yield return await GetAsync(connection, query.ResourceGroupName, name, cancellationToken).ConfigureAwait(false);
            yield break;
        }

        IReadOnlyDictionary<string, Uri> blobs = await ReadBlobsAsync(connection, cancellationToken).ConfigureAwait(false);
        AsyncPageable<VirtualMachineResource> machines = query.ResourceGroupName is { } group
            ? connection.Group(group).GetVirtualMachines().GetAllAsync(filter: null, GetVirtualMachineExpandType.InstanceView, cancellationToken)
            : connection.Subscription().GetVirtualMachinesAsync(statusOnly: null, filter: null, ExpandTypesForListVm.InstanceView, cancellationToken);
        await foreach ((VirtualMachineResource machine, _) in Listing.ReadAsync(connection, "instances", machines, cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(machine.Data.Name))
            {
                yield return InstanceDescription.Of(connection, machine.Data, blobs);
            }
        }
    }

    /// <summary>Makes an instance from an image, with a new VHD of its own, or from an existing disk.</summary>
    /// <returns>The instance; while it is made when nobody waits.</returns>
    /// <exception cref="FabricException">RequestInvalid, ResourceNotFound, AllocationFailed, ProvisioningFailed; ResourceConflict when there is one of that name.</exception>
    public static async Task<VMInstance> CreateAsync(
        FabricConnection connection, VMInstanceOptions options, OperationOptions waiting, CancellationToken cancellationToken)
    {
        VirtualMachineData data = await InstanceRequest.CreateAsync(connection, options, cancellationToken).ConfigureAwait(false);
        await OperationWait.RunAsync(
            connection, "create instance", options.Name,
            token => ResourceCreation.RunAsync(
                connection, options.ResourceGroupName, "instance", options.Name,
                (group, stop) => group.GetVirtualMachines().ExistsAsync(options.Name, expand: null, stop),
                (group, stop) => group.GetVirtualMachines().CreateOrUpdateAsync(WaitUntil.Started, options.Name, data, stop), token),
            waiting, cancellationToken).ConfigureAwait(false);
        return await GetAsync(connection, options.ResourceGroupName, options.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts an instance.</summary>
    public static Task StartAsync(
        FabricConnection connection, string? groupName, string name, OperationOptions waiting, CancellationToken cancellationToken) =>
        ActAsync(connection, groupName, name, "start instance", (machine, token) => machine.PowerOnAsync(WaitUntil.Started, token), waiting, cancellationToken);

    /// <summary>Stops an instance.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="name">The instance.</param>
    /// <param name="deallocate">Whether its host's cores and memory are given back, too.</param>
    /// <param name="force">Whether the guest is switched off, without being asked to shut down.</param>
    /// <param name="waiting">How to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static Task StopAsync(
        FabricConnection connection, string? groupName, string name, bool deallocate, bool force, OperationOptions waiting, CancellationToken cancellationToken) =>
        deallocate
            ? ActAsync(connection, groupName, name, "deallocate instance", async (machine, token) =>
            {
                if (force)
                {
                    // Only powerOff can leave out the guest's own shutdown.
                    await machine.PowerOffAsync(WaitUntil.Completed, skipShutdown: true, token).ConfigureAwait(false);
                }

                return await machine.DeallocateAsync(WaitUntil.Started, hibernate: null, token).ConfigureAwait(false);
            }, waiting, cancellationToken)
            : ActAsync(connection, groupName, name, "stop instance",
                (machine, token) => machine.PowerOffAsync(WaitUntil.Started, force ? true : null, token), waiting, cancellationToken);

    /// <summary>Restarts an instance.</summary>
    public static Task RestartAsync(
        FabricConnection connection, string? groupName, string name, OperationOptions waiting, CancellationToken cancellationToken) =>
        ActAsync(connection, groupName, name, "restart instance", (machine, token) => machine.RestartAsync(WaitUntil.Started, token), waiting, cancellationToken);

    /// <summary>Removes an instance. Its disks remain.</summary>
    public static async Task RemoveAsync(
        FabricConnection connection, string? groupName, string name, OperationOptions waiting, CancellationToken cancellationToken)
    {
        VirtualMachineResource machine = await ReadAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false);
        await OperationWait.RunAsync(
            connection, "remove instance", name, token => machine.DeleteAsync(WaitUntil.Started, forceDeletion: null, token), waiting, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Reads one instance, and where its disks are.</summary>
    /// <param name="connection">Who is asked.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="name">The instance.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FabricException">ResourceNotFound when there is none; others as the service says.</exception>
    public static async Task<VMInstance> GetAsync(FabricConnection connection, string? groupName, string name, CancellationToken cancellationToken)
    {
        VirtualMachineResource machine = await ReadAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, Uri> blobs = await ReadBlobsAsync(connection, machine.Data, cancellationToken).ConfigureAwait(false);
        return InstanceDescription.Of(connection, machine.Data, blobs);
    }

    internal static async Task<VirtualMachineResource> ReadAsync(
        FabricConnection connection, string? groupName, string name, CancellationToken cancellationToken) =>
        (await ReadAnswerAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false)).Value;

    /// <summary>Reads an instance with the answer's headers: its ETag is in none of the SDK's types.</summary>
    internal static Task<Response<VirtualMachineResource>> ReadAnswerAsync(
        FabricConnection connection, string? groupName, string name, CancellationToken cancellationToken) => FabricFailures.AskAsync(
            connection, "read instance", name,
            token => connection.Group(groupName).GetVirtualMachines().GetAsync(name, InstanceViewType.InstanceView, token), cancellationToken);

    private static Task<T> ActAsync<T>(
        FabricConnection connection, string? groupName, string name, string what, Func<VirtualMachineResource, CancellationToken, Task<T>> act,
        OperationOptions waiting, CancellationToken cancellationToken)
        where T : Operation
    {
        ResourceIdentifier id = VirtualMachineResource.CreateResourceIdentifier(
            connection.State.SubscriptionId, groupName ?? connection.State.ResourceGroupName, name);
        VirtualMachineResource machine = connection.Client.GetVirtualMachineResource(id);
        return OperationWait.RunAsync(connection, what, name, token => act(machine, token), waiting, cancellationToken);
    }

    // Of one instance the disks are read one by one, of many all at once.
    private static async Task<IReadOnlyDictionary<string, Uri>> ReadBlobsAsync(
        FabricConnection connection, VirtualMachineData data, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        ResourceIdentifier?[] ids = [data.StorageProfile?.OSDisk?.ManagedDisk?.Id, .. (data.StorageProfile?.DataDisks ?? []).Select(disk => disk.ManagedDisk?.Id)];
        foreach (ResourceIdentifier id in connection.IsLocal ? ids.OfType<ResourceIdentifier>() : [])
        {
            Response<ManagedDiskResource> answer = await FabricFailures.AskAsync(
                connection, "read disk", id.Name, token => connection.Client.GetManagedDiskResource(id).GetAsync(token), cancellationToken).ConfigureAwait(false);
            foreach ((string key, Uri blob) in RawAnswer.BlobUris(answer.GetRawResponse()))
            {
                blobs[key] = blob;
            }
        }

        return blobs;
    }

    private static async Task<IReadOnlyDictionary<string, Uri>> ReadBlobsAsync(FabricConnection connection, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        if (connection.IsLocal)
        {
            AsyncPageable<ManagedDiskResource> disks = connection.Subscription().GetManagedDisksAsync(cancellationToken);
            await foreach ((ManagedDiskResource disk, Uri? blob) in Listing.ReadAsync(connection, "disks", disks, cancellationToken).ConfigureAwait(false))
            {
                if (blob is not null)
                {
                    blobs[disk.Id.ToString()] = blob;
                }
            }
        }

        return blobs;
    }
}
