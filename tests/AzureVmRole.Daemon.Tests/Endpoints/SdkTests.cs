using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;
using Azure.ResourceManager.Compute;
using Azure.ResourceManager.Compute.Models;
using Azure.ResourceManager.Resources;
using Azure.ResourceManager.Resources.Models;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Endpoints;

/// <summary>Azure's own client for .NET, unmodified, against the real fabric.</summary>
public sealed class SdkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Client_SubscriptionAndGroups_Work()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        ArmClient client = NewClient(daemon);
        SubscriptionResource subscription = await client.GetDefaultSubscriptionAsync(Stop);
        var locations = new List<string>();
        await foreach (LocationExpanded location in subscription.GetLocationsAsync(cancellationToken: Stop))
        {
            locations.Add(location.Name);
        }

        Assert.Equal("local1 local2", string.Join(' ', locations));
        ResourceGroupCollection groups = subscription.GetResourceGroups();
        ArmOperation<ResourceGroupResource> made = await groups.CreateOrUpdateAsync(WaitUntil.Completed, "rg1", new ResourceGroupData("local1"), Stop);
        Assert.Equal("rg1", made.Value.Data.Name);
        Assert.True(await groups.ExistsAsync("RG1", Stop));
        Assert.False(await groups.ExistsAsync("rg2", Stop));
        ResourceGroupResource tagged = await made.Value.AddTagAsync("kind", "test", Stop);
        Assert.Equal("test", tagged.Data.Tags["kind"]);
        await made.Value.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.False(await groups.ExistsAsync("rg1", Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Disk_IsMadeChangedListedAndDeleted()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        SubscriptionResource subscription = await NewClient(daemon).GetDefaultSubscriptionAsync(Stop);
        ResourceGroupResource group = (await subscription.GetResourceGroups().CreateOrUpdateAsync(WaitUntil.Completed, "rg1", new ResourceGroupData("local1"), Stop)).Value;
        var data = new ManagedDiskData("local1") { CreationData = new DiskCreationData(DiskCreateOption.Empty), DiskSizeGB = 1 };
        ManagedDiskResource disk = (await group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Completed, "data1", data, Stop)).Value;
        Assert.Equal(("data1", 1, "Succeeded"), (disk.Data.Name, disk.Data.DiskSizeGB, disk.Data.ProvisioningState));

        ArmOperation<ManagedDiskResource> changed = await disk.UpdateAsync(WaitUntil.Completed, new ManagedDiskPatch { DiskSizeGB = 2 }, Stop);
        Assert.Equal(2, changed.Value.Data.DiskSizeGB);
        var names = new List<string>();
        await foreach (ManagedDiskResource found in subscription.GetManagedDisksAsync(Stop))
        {
            names.Add(found.Data.Name);
        }

        Assert.Equal("data1", Assert.Single(names));
        await disk.DeleteAsync(WaitUntil.Completed, Stop);
        RequestFailedException missing = await Assert.ThrowsAsync<RequestFailedException>(() => disk.GetAsync(Stop));
        Assert.Equal((404, "ResourceNotFound"), (missing.Status, missing.ErrorCode));
    }

    [Fact(Timeout = 120_000)]
    public async Task Client_Instance_LivesThroughAllActions()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        SubscriptionResource subscription = await NewClient(daemon).GetDefaultSubscriptionAsync(Stop);
        ResourceGroupResource group = (await subscription.GetResourceGroups().CreateOrUpdateAsync(WaitUntil.Completed, "rg1", new ResourceGroupData("local1"), Stop)).Value;
        var empty = new ManagedDiskData("local1")
        {
            CreationData = new DiskCreationData(DiskCreateOption.Empty), DiskSizeGB = 1, OSType = SupportedOperatingSystemType.Linux,
        };
        ManagedDiskResource disk = (await group.GetManagedDisks().CreateOrUpdateAsync(WaitUntil.Completed, "os1", empty, Stop)).Value;
        var data = new VirtualMachineData("local1")
        {
            HardwareProfile = new VirtualMachineHardwareProfile { VmSize = "Standard_A1" },
            StorageProfile = new VirtualMachineStorageProfile
            {
                OSDisk = new VirtualMachineOSDisk(DiskCreateOptionType.Attach)
                {
                    OSType = SupportedOperatingSystemType.Linux, ManagedDisk = new VirtualMachineManagedDisk { Id = disk.Id },
                },
            },
        };
        VirtualMachineResource machine = (await group.GetVirtualMachines().CreateOrUpdateAsync(WaitUntil.Completed, "vm1", data, Stop)).Value;
        Assert.Equal(("vm1", "Succeeded"), (machine.Data.Name, machine.Data.ProvisioningState));
        Assert.Contains("PowerState/running", await PowerOf(machine), StringComparison.Ordinal);

        await machine.RestartAsync(WaitUntil.Completed, Stop);
        await machine.PowerOffAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.Contains("PowerState/stopped", await PowerOf(machine), StringComparison.Ordinal);
        await machine.PowerOnAsync(WaitUntil.Completed, Stop);
        var patch = new VirtualMachinePatch { StorageProfile = new VirtualMachineStorageProfile() };
        patch.StorageProfile.DataDisks.Add(new VirtualMachineDataDisk(3, DiskCreateOptionType.Empty) { Name = "data1", DiskSizeGB = 1 });
        VirtualMachineResource patched = (await machine.UpdateAsync(WaitUntil.Completed, patch, Stop)).Value;
        Assert.Equal((3, CachingType.None), (Assert.Single(patched.Data.StorageProfile.DataDisks).Lun, patched.Data.StorageProfile.DataDisks[0].Caching));
        await machine.ReapplyAsync(WaitUntil.Completed, Stop);
        await machine.RedeployAsync(WaitUntil.Completed, Stop);
        await machine.DeallocateAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.Contains("PowerState/deallocated", await PowerOf(machine), StringComparison.Ordinal);
        await machine.GeneralizeAsync(Stop);
        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => machine.PowerOnAsync(WaitUntil.Completed, Stop));
        Assert.Equal((409, "OperationNotAllowed"), (refused.Status, refused.ErrorCode));
        await machine.DeleteAsync(WaitUntil.Completed, cancellationToken: Stop);
        Assert.Equal("os1", (await disk.GetAsync(Stop)).Value.Data.Name);
        Assert.False(await group.GetVirtualMachines().ExistsAsync("vm1", cancellationToken: Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task Put_RepeatedWithItsId_IsAcceptedOnce()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string group = $"{daemon.Subscription}/resourceGroups/rg1";
        await daemon.SendAsync(Stop, "PUT", group, "{\"location\":\"local1\"}");
        string path = $"{group}/providers/Microsoft.Compute/disks/one";
        const string Body = "{\"location\":\"local1\",\"properties\":{\"creationData\":{\"createOption\":\"Empty\"},\"diskSizeGB\":1}}";
        RunningDaemon.Answer first = await daemon.SendAsync(Stop, "PUT", path, Body, ("x-ms-client-request-id", "the-same"));
        RunningDaemon.Answer second = await daemon.SendAsync(Stop, "PUT", path, Body, ("x-ms-client-request-id", "the-same"));
        Assert.Equal("Succeeded", (await daemon.SendAsync(Stop, "GET", first.Headers["Azure-AsyncOperation"])).Body["status"]!.ToString());
        RunningDaemon.Answer third = await daemon.SendAsync(Stop, "PUT", path, Body, ("x-ms-client-request-id", "another"));
        Assert.Equal(first.Headers["Azure-AsyncOperation"], second.Headers["Azure-AsyncOperation"]);
        Assert.NotEqual(first.Headers["Azure-AsyncOperation"], third.Headers.GetValueOrDefault("Azure-AsyncOperation", ""), StringComparer.Ordinal);
    }

    private static async Task<string> PowerOf(VirtualMachineResource machine)
    {
        VirtualMachineInstanceView view = await machine.InstanceViewAsync(Stop);
        return string.Join(' ', view.Statuses.Select(status => status.Code));
    }

    private static ArmClient NewClient(RunningDaemon daemon)
    {
        var options = new ArmClientOptions
        {
            Environment = new ArmEnvironment(daemon.Daemon.Endpoint, "https://management.core.windows.net/"),
            Transport = new HttpClientTransport(daemon.PinnedHandler()),
        };
        return new ArmClient(new FileCredential(daemon.Token), daemon.Note["subscriptionId"]!.ToString(), options);
    }

    private sealed class FileCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(token, TimeProvider.System.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
