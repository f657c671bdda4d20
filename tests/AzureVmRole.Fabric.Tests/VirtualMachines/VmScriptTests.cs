using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>Random requests, many of them at once and many refused; what must hold holds when everything has ended.</summary>
public sealed class VmScriptTests
{
    private const int Timeout = 240_000;
    private const int Requests = 120;

    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Disks = ["d0", "d1", "d2"];
    private static readonly string[] Actions = ["start", "powerOff", "deallocate", "restart", "redeploy", "reapply", "reimage"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = Timeout)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Requests_InAnyOrder_LeaveEveryDiskWithItsOwner(int seed)
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        foreach (string name in Disks)
        {
            VmFabric.Succeeded(await fabric.PutAsync(
                VmFabric.Id(ResourceType.Disks, name), VmFabric.Json("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}""")));
        }

        var random = new Random(seed);
        var operations = new List<string>();
        int refusals = 0;
        for (int count = 0; count < Requests; count++)
        {
            try
            {
                if (await AskAsync(fabric, random) is { OperationId: { } operationId })
                {
                    operations.Add(operationId);
                }
            }
            catch (FabricException refusal)
            {
                Assert.InRange((int)refusal.Status, 400, 499);
                refusals++;
            }

            CheckOwners(fabric);
            if (operations.Count > 0 && random.Next(4) == 0)
            {
                await fabric.EndAsync(new Acceptance(IsCreated: false, null, operations[^1]));
            }
        }

        foreach (string operationId in operations)
        {
            await fabric.EndAsync(new Acceptance(IsCreated: false, null, operationId));
        }

        // A disk is made to its end also when the virtual machine that it was begun for is gone; no operation tells when.
        while (fabric.AllOfGroup().Exists(resource => resource.State == ProvisioningState.Creating))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.InRange(refusals, 1, Requests - 1);
        await CheckAsync(fabric);
    }

    private static async Task<Acceptance?> AskAsync(VmFabric fabric, Random random)
    {
        ResourceId id = VmFabric.Machine(Names[random.Next(Names.Length)]);
        switch (random.Next(10))
        {
            case < 3:
                return await fabric.Machines.PutAsync(id, BodyWithDisks(random), VmFabric.Query(), Token);
            case < 5:
                var patch = new JsonObject { ["properties"] = new JsonObject { ["storageProfile"] = new JsonObject { ["dataDisks"] = RandomDisks(random) } } };
                return await fabric.Machines.PatchAsync(id, patch, VmFabric.Query(), Token);
            case 5:
                string caching = random.Next(2) == 0 ? "ReadOnly" : "ReadWrite";
                return await fabric.Machines.PatchAsync(
                    id, VmFabric.Json("""{"properties":{"storageProfile":{"osDisk":{"caching":"X"}}}}""".Replace("X", caching, StringComparison.Ordinal)), VmFabric.Query(), Token);
            case 6:
                return await fabric.Machines.DeleteAsync(id, VmFabric.Query(), Token);
            default:
                return await fabric.Machines.ActAsync(id, Actions[random.Next(Actions.Length)], [], VmFabric.Query(), Token);
        }
    }

    private static JsonObject BodyWithDisks(Random random)
    {
        JsonObject body = VmFabric.Body();
        body["properties"]!["storageProfile"]!["dataDisks"] = RandomDisks(random);
        return body;
    }

    private static JsonArray RandomDisks(Random random) =>
    [
        .. Disks.Where(_ => random.Next(2) == 0).Select((name, index) => new JsonObject
        {
            ["lun"] = index,
            ["createOption"] = "Attach",
            ["managedDisk"] = new JsonObject { ["id"] = VmFabric.Id(ResourceType.Disks, name).Text },
        }),
    ];

    /// <summary>At any moment: a disk that a virtual machine names is its own, so it is nobody else's.</summary>
    private static void CheckOwners(VmFabric fabric)
    {
        List<Resource> all = fabric.AllOfGroup();
        foreach (Resource machine in all.Where(resource => resource.Id.Type == ResourceType.VirtualMachines))
        {
            foreach (VmDisk disk in VmDocument.Parse(machine.Desired).AllDisks)
            {
                Resource row = all.Single(resource => resource.Id.Key == disk.Key);
                Assert.Equal(machine.Id.Text, VmDiskRows.OwnerOf(row));
            }
        }
    }

    /// <summary>At rest: nothing runs, and leases are where disks are attached.</summary>
    private static async Task CheckAsync(VmFabric fabric)
    {
        List<Resource> all = fabric.AllOfGroup();
        Dictionary<string, string> attached = new(StringComparer.Ordinal);
        foreach (Resource machine in all.Where(resource => resource.Id.Type == ResourceType.VirtualMachines))
        {
            Assert.Empty(fabric.Running(machine.Id));
            Assert.Equal(ProvisioningState.Succeeded, machine.State);
            Assert.Empty(VmIntent.Parse(machine.Desired).Releasing);
            var observed = VmObserved.Parse(machine.Observed);
            Assert.Equal(VmDocument.Parse(machine.Desired).AllDisks.Select(disk => disk.Key).Order(StringComparer.Ordinal), observed.Disks.Select(disk => disk.Key).Order(StringComparer.Ordinal));
            Assert.All(observed.Disks, disk => attached.Add(disk.Key, machine.Id.Text));
        }

        foreach (Resource disk in all.Where(resource => resource.Id.Type == ResourceType.Disks))
        {
            Assert.Equal(ProvisioningState.Succeeded, disk.State);
            Assert.Equal(attached.GetValueOrDefault(disk.Id.Key), VmDiskRows.OwnerOf(disk));
            BlobProperties? blob = await fabric.FindBlobAsync((string)disk.Observed["blob"]!);
            Assert.Equal(attached.ContainsKey(disk.Id.Key) ? BlobLeaseState.Leased : BlobLeaseState.Available, blob?.LeaseState);
        }
    }
}
