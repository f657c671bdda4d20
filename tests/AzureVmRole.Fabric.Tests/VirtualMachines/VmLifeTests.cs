using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>The sentences of the mission about instances, each by requests to a fabric that runs.</summary>
public sealed class VmLifeTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task Create_FromImage_GetsAnOSDiskOfItsOwn()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        BlobProperties master = (await fabric.FindBlobAsync("vhds/master.vhd"))!;
        ResourceId id = await fabric.CreateAsync();

        Resource disk = Assert.Single(fabric.All(ResourceType.Disks));
        string blob = (string)disk.Observed["blob"]!;
        BlobProperties? found = await fabric.FindBlobAsync(blob);
        Assert.StartsWith("vhds/web1_OsDisk", blob, StringComparison.Ordinal);
        Assert.Equal(VmFabric.VhdLength, found?.Length);
        Assert.Equal(BlobLeaseState.Leased, found?.LeaseState);
        Assert.Equal(id.Text, VmDiskRows.OwnerOf(disk));
        JsonNode osDisk = fabric.Read(id)["properties"]!["storageProfile"]!["osDisk"]!;
        Assert.Equal(disk.Id.Text, (string?)osDisk["managedDisk"]!["id"]);
        Assert.Equal("ReadWrite", (string?)osDisk["caching"]);
        Assert.Equal(master.ETag, (await fabric.FindBlobAsync("vhds/master.vhd"))!.ETag);
    }

    [Fact(Timeout = Timeout)]
    public async Task Read_AfterCreate_SaysWhatItIs_AndThatItIsSimulated()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();

        JsonObject view = fabric.Read(id, ("$expand", "instanceView"));
        JsonNode properties = view["properties"]!;
        Assert.Equal("Microsoft.Compute/virtualMachines", (string?)view["type"]);
        Assert.Equal("Succeeded", (string?)properties["provisioningState"]);
        Assert.Equal("PowerState/running", fabric.Status(id, "PowerState"));
        Assert.Equal("HostKind/Simulated", fabric.Status(id, "HostKind"));
        Assert.StartsWith("Simulated", (string?)properties["instanceView"]!["vmAgent"]!["statuses"]![0]!["message"], StringComparison.Ordinal);
        Assert.DoesNotContain("Secret-Word-1", view.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Secret-Word-1", fabric.Row(id).Desired.ToJsonString(), StringComparison.Ordinal);
        Assert.Null(view["fabric"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task DataDisks_ComeAndGoWhileItRuns()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync(body: VmFabric.Body([NewDisk(3)]));
        VmObserved before = fabric.Observed(id);
        string diskId = (string)fabric.Read(id)["properties"]!["storageProfile"]!["dataDisks"]![0]!["managedDisk"]!["id"]!;
        Assert.True(ResourceId.TryParse(diskId, out ResourceId? disk));
        Assert.Equal("None", (string?)fabric.Read(id)["properties"]!["storageProfile"]!["dataDisks"]![0]!["caching"]);

        VmFabric.Succeeded(await fabric.PatchAsync(id, """{"properties":{"storageProfile":{"dataDisks":[]}}}"""));
        Assert.Null(VmDiskRows.OwnerOf(fabric.Row(disk)));
        Assert.Equal(BlobLeaseState.Available, (await fabric.FindBlobAsync((string)fabric.Row(disk).Observed["blob"]!))!.LeaseState);

        VmFabric.Succeeded(await fabric.PatchAsync(
            id, $$$"""{"properties":{"storageProfile":{"dataDisks":[{"lun":7,"createOption":"Attach","caching":"ReadOnly","managedDisk":{"id":"{{{diskId}}}"} }] } } }"""));
        Assert.Equal(id.Text, VmDiskRows.OwnerOf(fabric.Row(disk)));
        VmObserved after = fabric.Observed(id);
        Assert.Equal(before.Boot, after.Boot);
        Assert.Contains(new VmAttachment(7, diskId, "ReadOnly"), after.Disks);
    }

    [Fact(Timeout = Timeout)]
    public async Task OSDiskCaching_Changed_RestartsTheGuest()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();

        VmFabric.Succeeded(await fabric.PatchAsync(id, """{"properties":{"storageProfile":{"osDisk":{"caching":"ReadOnly"}}}}"""));
        Assert.Equal((2, VmPower.Running), (fabric.Observed(id).Boot, fabric.Observed(id).Power));
        VmFabric.Succeeded(await fabric.PatchAsync(id, """{"tags":{"a":"b"}}"""));
        Assert.Equal(2, fabric.Observed(id).Boot);
        Assert.Equal("b", (string?)fabric.Read(id)["tags"]!["a"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task Delete_KeepsDisks_UnlessAskedOtherwise()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        JsonObject body = VmFabric.Body([NewDisk(0)]);
        body["properties"]!["storageProfile"]!["dataDisks"]![0]!["deleteOption"] = "Delete";
        ResourceId id = await fabric.CreateAsync(body: body);
        string osDisk = (string)fabric.Read(id)["properties"]!["storageProfile"]!["osDisk"]!["name"]!;

        VmFabric.Succeeded(await fabric.DeleteAsync(id));

        Assert.False(fabric.Exists(id));
        Resource kept = fabric.Row(VmFabric.Id(ResourceType.Disks, osDisk));
        Assert.Null(VmDiskRows.OwnerOf(kept));
        Assert.Equal(BlobLeaseState.Available, (await fabric.FindBlobAsync((string)kept.Observed["blob"]!))!.LeaseState);
        Assert.DoesNotContain(fabric.All(ResourceType.Disks), disk => disk.Id != kept.Id && disk.State != ProvisioningState.Deleting);
        Assert.True((await fabric.Machines.DeleteAsync(id, VmFabric.Query(), TestContext.Current.CancellationToken)).IsNothing);
    }

    [Fact(Timeout = Timeout)]
    public async Task PowerOff_KeepsThePlace_Deallocate_GivesItBack()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();

        VmFabric.Succeeded(await fabric.ActAsync(id, "powerOff", query: ("skipShutdown", "true")));
        Assert.Equal("PowerState/stopped", fabric.Status(id, "PowerState"));
        Assert.NotNull(fabric.Observed(id).Host);
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.ActAsync(id, "restart"));
        VmFabric.Succeeded(await fabric.ActAsync(id, "deallocate"));
        Assert.Equal("PowerState/deallocated", fabric.Status(id, "PowerState"));
        Assert.Null(fabric.Observed(id).Host);
        VmFabric.Succeeded(await fabric.ActAsync(id, "start"));
        Assert.Equal((2, "PowerState/running"), (fabric.Observed(id).Boot, fabric.Status(id, "PowerState")));
        VmFabric.Succeeded(await fabric.ActAsync(id, "restart"));
        string host = fabric.Observed(id).Host!;
        VmFabric.Succeeded(await fabric.ActAsync(id, "redeploy"));
        Assert.NotEqual(host, fabric.Observed(id).Host, StringComparer.Ordinal);
        VmFabric.Succeeded(await fabric.ActAsync(id, "reapply"));
        Assert.Equal((4, "PowerState/running"), (fabric.Observed(id).Boot, fabric.Status(id, "PowerState")));
    }

    [Fact(Timeout = Timeout)]
    public async Task Generalize_NeedsAStoppedGuest_AndForbidsStarts_CaptureGivesATemplate()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();
        const string Capture = """{"vhdPrefix":"web","destinationContainerName":"captured","overwriteVhds":true}""";

        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.ActAsync(id, "generalize"));
        VmFabric.Succeeded(await fabric.ActAsync(id, "powerOff"));
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.ActAsync(id, "capture", Capture));
        Assert.Null(await fabric.ActAsync(id, "generalize"));
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.ActAsync(id, "start"));
        Assert.Equal("OSState/generalized", fabric.Status(id, "OSState"));

        Operation? captured = await fabric.ActAsync(id, "capture", Capture);
        VmFabric.Succeeded(captured);
        string vmId = (string)fabric.Read(id)["properties"]!["vmId"]!;
        Assert.NotNull(await fabric.FindBlobAsync($"system/Microsoft.Compute/Images/captured/web-osDisk.{vmId}.vhd"));
        string uri = (string)captured!.Result!["resources"]![0]!["properties"]!["storageProfile"]!["osDisk"]!["image"]!["uri"]!;
        Assert.EndsWith($"web-osDisk.{vmId}.vhd", uri, StringComparison.Ordinal);

        VmFabric.Succeeded(await fabric.DeleteAsync(id));
        Assert.NotNull(await fabric.FindBlobAsync($"system/Microsoft.Compute/Images/captured/web-osDisk.{vmId}.vhd"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_FromImageThatIsNotGeneralised_StaysInProvisioning_AndSaysWhy()
    {
        await using VmFabric fabric = await VmFabric.StartAsync(options => options with { ProvisioningLimit = TimeSpan.FromMilliseconds(50) });
        await fabric.UploadAsync("vhds/special.vhd", contentState: "Specialized");
        VmFabric.Succeeded(await fabric.AddImageAsync(blob: "vhds/special.vhd"));

        Operation? operation = await fabric.PutAsync(VmFabric.Machine("web1"), VmFabric.Body());

        VmFabric.Failed("OSProvisioningTimedOut", operation);
        Assert.Contains("not generalised", operation!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("PowerState/running", fabric.Status(VmFabric.Machine("web1"), "PowerState"));
        Assert.Equal("ProvisioningState/failed/OSProvisioningTimedOut", fabric.Status(VmFabric.Machine("web1"), "ProvisioningState"));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_Specialised_NeedsNoOSProfile_AndTakesNone()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync(osState: "Specialized"));
        JsonObject body = VmFabric.Body();
        FabricException refusal = await VmFabric.RefusedAsync("InvalidParameter", () => fabric.PutAsync(VmFabric.Machine("web1"), body));
        Assert.Equal("osProfile", refusal.Target);

        body["properties"]!.AsObject().Remove("osProfile");
        await fabric.CreateAsync(body: body);
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_OnVhdInStorage_RegistersDisks()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        Uri os = await fabric.UploadAsync("vhds/os.vhd", contentState: null);
        Uri data = await fabric.UploadAsync("vhds/data.vhd", contentState: null);
        JsonObject body = VmFabric.Json($$$"""
            {"location":"local1","properties":{"hardwareProfile":{"vmSize":"Standard_B2s"},"storageProfile":{
              "osDisk":{"createOption":"Attach","osType":"Linux","name":"os","vhd":{"uri":"{{{os}}}"} },
              "dataDisks":[{"lun":0,"createOption":"Attach","name":"data","vhd":{"uri":"{{{data}}}"} }] } } }
            """);
        ResourceId id = await fabric.CreateAsync(body: body);

        Assert.Equal(2, fabric.Observed(id).Disks.Count);
        Assert.Equal(id.Text, VmDiskRows.OwnerOf(fabric.Row(VmFabric.Id(ResourceType.Disks, "data"))));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_NoHostHasRoom_FailsWithAllocationFailed_AndSucceedsLater()
    {
        await using VmFabric fabric = await VmFabric.StartAsync(options => options with { HostsPerLocation = 1, CoresPerHost = 2 });
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId first = await fabric.CreateAsync("first");
        VmFabric.Failed("AllocationFailed", await fabric.PutAsync(VmFabric.Machine("second"), VmFabric.Body()));

        VmFabric.Succeeded(await fabric.ActAsync(first, "deallocate"));
        VmFabric.Succeeded(await fabric.PutAsync(VmFabric.Machine("second"), VmFabric.Body()));
    }

    [Fact(Timeout = Timeout)]
    public async Task Resize_RestartsOnTheSameHost_AndIsRefusedWithoutRoom()
    {
        await using VmFabric fabric = await VmFabric.StartAsync(options => options with { HostsPerLocation = 1, CoresPerHost = 4 });
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();

        VmFabric.Succeeded(await fabric.PatchAsync(id, """{"properties":{"hardwareProfile":{"vmSize":"Standard_B4ms"}}}"""));
        Assert.Equal((2, "Standard_B4ms"), (fabric.Observed(id).Boot, fabric.Observed(id).Size));
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.PatchAsync(id, """{"properties":{"hardwareProfile":{"vmSize":"Standard_B8ms"}}}"""));
    }

    [Fact(Timeout = Timeout)]
    public async Task Reimage_GivesANewOSDisk_AndKeepsTheOldOne()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();
        Resource before = Assert.Single(fabric.All(ResourceType.Disks));

        VmFabric.Succeeded(await fabric.ActAsync(id, "reimage"));

        Assert.Equal(2, fabric.All(ResourceType.Disks).Count);
        Assert.Null(VmDiskRows.OwnerOf(fabric.Row(before.Id)));
        Assert.DoesNotContain(fabric.Observed(id).Disks, disk => disk.DiskId == before.Id.Text);
        Assert.Equal(2, fabric.Observed(id).Boot);
    }

    [Theory(Timeout = Timeout)]
    [InlineData("retrieveBootDiagnosticsData")]
    [InlineData("runCommand")]
    [InlineData("simulateEviction")]
    public async Task Act_WhatASimulatedHostCannot_IsRefusedWithTheReason(string action)
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId id = await fabric.CreateAsync();
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.ActAsync(id, action));
        await VmFabric.RefusedAsync("NotFound", () => fabric.ActAsync(id, "fly"));
    }

    [Fact(Timeout = Timeout)]
    public async Task List_StatusOnly_GivesInstanceViews()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        await fabric.CreateAsync("a");
        await fabric.CreateAsync("b");
        var scope = new ListScope(VmFabric.SubscriptionId);

        ResourcePage page = fabric.Machines.List(scope, null, 1, VmFabric.Query(("statusOnly", "true"), ("$filter", "x")));
        Assert.Equal("a", (string?)page.Items.Single()["name"]);
        Assert.NotNull(page.Items[0]["properties"]!["instanceView"]!["statuses"]);
        Assert.Equal("b", (string?)fabric.Machines.List(scope, page.Continuation, 1, VmFabric.Query()).Items.Single()["name"]);
    }

    private static JsonObject NewDisk(int lun) => new() { ["lun"] = lun, ["createOption"] = "Empty", ["diskSizeGB"] = 1 };
}
