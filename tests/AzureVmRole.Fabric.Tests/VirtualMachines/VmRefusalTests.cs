using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>What is refused, with which code, before anything is changed.</summary>
public sealed class VmRefusalTests
{
    private const int Timeout = 120_000;

    [Fact(Timeout = Timeout)]
    public async Task Put_ManyMistakes_AreAllFound()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        JsonObject body = VmFabric.Body([Disk(0, 1), Disk(0, 1), Disk(64, 1), Disk(1, 40_000), new JsonObject { ["lun"] = 2, ["createOption"] = "Attach" }]);
        body["properties"]!["hardwareProfile"]!["vmSize"] = "Standard_Nothing";
        body["properties"]!["storageProfile"]!["osDisk"]!["caching"] = "Sometimes";
        body["properties"]!["osProfile"]!.AsObject().Remove("adminUsername");
        body["tags"] = new JsonObject { ["a"] = 5 };

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => fabric.PutAsync(VmFabric.Machine("web1"), body));

        string[] targets = [.. refusal.Details.Select(detail => (string)detail.Target!)];
        Assert.Equal(
            ["tags", "hardwareProfile.vmSize", "storageProfile.osDisk.caching", "storageProfile.dataDisks[1].lun", "storageProfile.dataDisks[2].lun",
                "storageProfile.dataDisks[3].diskSizeGB", "storageProfile.dataDisks[4].managedDisk.id", "osProfile.adminUsername"],
            targets);
        Assert.Empty(fabric.All(ResourceType.Disks));
        Assert.False(fabric.Exists(VmFabric.Machine("web1")));
    }

    [Theory(Timeout = Timeout)]
    [InlineData("""{"location":"local9","properties":{}}""", "LocationNotAvailableForResourceType")]
    [InlineData("""{"properties":{}}""", "LocationRequired")]
    [InlineData("""{"location":"local1","properties":5}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":[]}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"hardwareProfile":{"vmSize":7},"storageProfile":{"osDisk":"x","dataDisks":{}}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"hardwareProfile":{"vmSize":"Standard_B1s"},"storageProfile":{"dataDisks":[1,null,{"lun":1.5}]}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"hardwareProfile":{"vmSize":"Standard_B1s"},"storageProfile":{"imageReference":{"publisher":"p"}}}}""", "PlatformImageNotFound")]
    public async Task Put_BadBody_IsRefused(string body, string code)
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        await VmFabric.RefusedAsync(code, () => fabric.PutAsync(VmFabric.Machine("web1"), VmFabric.Json(body)));
        Assert.False(fabric.Exists(VmFabric.Machine("web1")));
    }

    [Fact(Timeout = Timeout)]
    public async Task Put_DiskOfAnother_IsRefused()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        ResourceId first = await fabric.CreateAsync("first", VmFabric.Body([Disk(0, 1)]));
        string diskId = (string)fabric.Read(first)["properties"]!["storageProfile"]!["dataDisks"]![0]!["managedDisk"]!["id"]!;

        var attach = new JsonObject { ["lun"] = 0, ["createOption"] = "Attach", ["managedDisk"] = new JsonObject { ["id"] = diskId } };
        await VmFabric.RefusedAsync("ConflictingUserInput", () => fabric.PutAsync(VmFabric.Machine("second"), VmFabric.Body([attach])));
        attach = new JsonObject { ["lun"] = 5, ["createOption"] = "Attach", ["managedDisk"] = new JsonObject { ["id"] = diskId } };
        await VmFabric.RefusedAsync("AttachDiskWhileBeingDetached", () => fabric.PutAsync(first, VmFabric.Body([attach])));
    }

    [Fact(Timeout = Timeout)]
    public async Task Put_WhatCannotChange_IsRefused()
    {
        await using VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync());
        await fabric.UploadAsync("vhds/other.vhd", contentState: null);
        VmFabric.Succeeded(await fabric.AddImageAsync("other", blob: "vhds/other.vhd"));
        ResourceId id = await fabric.CreateAsync();

        await VmFabric.RefusedAsync("PropertyChangeNotAllowed", () => fabric.PutAsync(id, VmFabric.Body("other")));
        await VmFabric.RefusedAsync("PropertyChangeNotAllowed", () => fabric.PatchAsync(id, """{"properties":{"osProfile":{"computerName":"else"}}}"""));
        await VmFabric.RefusedAsync("InvalidResourceLocation", () => fabric.PatchAsync(id, """{"location":"local2"}"""));
        FabricException tooMany = await VmFabric.RefusedAsync(
            "OperationNotAllowed", () => fabric.PutAsync(id, VmFabric.Body([.. Enumerable.Range(0, 5).Select(lun => Disk(lun, 1))])));
        Assert.Contains("is 4", tooMany.Message, StringComparison.Ordinal);
        VmFabric.Succeeded(await fabric.PutAsync(id, fabric.Read(id)));
    }

    private static JsonObject Disk(int lun, int sizeInGB) => new() { ["lun"] = lun, ["createOption"] = "Empty", ["diskSizeGB"] = sizeInGB };
}
