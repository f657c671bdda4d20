using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.VirtualMachines;
using Xunit;

namespace AzureVmRole.Fabric.Tests.VirtualMachines;

/// <summary>The controller of the OS disk: <c>storageProfile.diskControllerType</c>.</summary>
public sealed class VmControllerTests
{
    private const int Timeout = 120_000;

    [Theory(Timeout = Timeout)]
    [InlineData(1, null, null)]
    [InlineData(1, "scsi", "SCSI")]
    [InlineData(2, null, "SCSI")]
    [InlineData(2, "nvme", "NVMe")]
    public async Task Create_WithController_ShowsItInAzuresSpelling_AlsoAfterARestart(int generation, string? asked, string? shown)
    {
        VmFabric fabric = await StartAsync(generation);
        ResourceId id = await fabric.CreateAsync("web1", Body(asked));
        Assert.Equal(shown, ControllerOf(fabric, id));

        fabric = await fabric.ReopenAsync();

        await using (fabric)
        {
            Assert.Equal((shown, shown == "NVMe"), (ControllerOf(fabric, id), VmDocument.Parse(fabric.Row(id).Desired).IsOSDiskNvme));
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_NvmeForGeneration1_IsRefusedWithTheImageAndTheWayOut()
    {
        await using VmFabric fabric = await StartAsync(generation: 1);

        FabricException refusal = await VmFabric.RefusedAsync("InvalidParameter", () => fabric.PutAsync(VmFabric.Machine("web1"), Body("NVMe")));

        Assert.Equal("storageProfile.diskControllerType", refusal.Target);
        Assert.Contains("the image 'image' is of generation 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("expected generation 2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SCSI", refusal.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(fabric.All(ResourceType.Disks));
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_FromADisk_FollowsTheDisksGeneration()
    {
        await using VmFabric fabric = await StartAsync(generation: 2);
        ResourceId first = await fabric.CreateAsync("first", Body("NVMe"));
        string diskId = (string)fabric.Read(first)["properties"]!["storageProfile"]!["osDisk"]!["managedDisk"]!["id"]!;
        VmFabric.Succeeded(await fabric.DeleteAsync(first));

        ResourceId second = await fabric.CreateAsync("second", Attach(new JsonObject { ["managedDisk"] = new JsonObject { ["id"] = diskId } }));
        Uri vhd = await fabric.UploadAsync("vhds/os.vhd", contentState: null);
        FabricException refusal = await VmFabric.RefusedAsync(
            "InvalidParameter", () => fabric.PutAsync(VmFabric.Machine("third"), Attach(new JsonObject { ["vhd"] = new JsonObject { ["uri"] = vhd.ToString() } })));

        Assert.Equal("NVMe", ControllerOf(fabric, second));
        Assert.Matches("the disk 'third_OsDisk_1_[0-9a-f]*' is of generation 1", refusal.Message);
    }

    [Fact(Timeout = Timeout)]
    public async Task Create_UnknownController_IsRefused()
    {
        await using VmFabric fabric = await StartAsync(generation: 2);

        FabricException refusal = await VmFabric.RefusedAsync("InvalidParameter", () => fabric.PutAsync(VmFabric.Machine("web1"), Body("IDE")));

        Assert.Contains("'IDE'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SCSI, NVMe", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = Timeout)]
    public async Task Change_OnlyWhenDeallocatedOrResized()
    {
        await using VmFabric fabric = await StartAsync(generation: 2);
        ResourceId id = await fabric.CreateAsync("web1", Body(null));
        const string Nvme = """{"properties":{"storageProfile":{"diskControllerType":"NVMe"}}}""";

        FabricException refusal = await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.PatchAsync(id, Nvme));
        Assert.Contains("from SCSI to NVMe: the virtual machine is Running, expected Deallocated", refusal.Message, StringComparison.Ordinal);
        VmFabric.Succeeded(await fabric.ActAsync(id, "powerOff"));
        await VmFabric.RefusedAsync("OperationNotAllowed", () => fabric.PatchAsync(id, Nvme));
        VmFabric.Succeeded(await fabric.ActAsync(id, "deallocate"));
        VmFabric.Succeeded(await fabric.PatchAsync(id, Nvme));
        Assert.Equal("NVMe", ControllerOf(fabric, id));

        VmFabric.Succeeded(await fabric.ActAsync(id, "start"));
        VmFabric.Succeeded(await fabric.PatchAsync(id, """{"properties":{"hardwareProfile":{"vmSize":"Standard_B1s"},"storageProfile":{"diskControllerType":"SCSI"}}}"""));
        Assert.Equal("SCSI", ControllerOf(fabric, id));
    }

    [Fact(Timeout = Timeout)]
    public async Task Put_WithoutController_KeepsIt_AndGeneration1NeverGetsNvme()
    {
        await using VmFabric fabric = await StartAsync(generation: 2);
        ResourceId id = await fabric.CreateAsync("web1", Body("NVMe"));
        JsonObject body = fabric.Read(id);
        body["properties"]!["storageProfile"]!.AsObject().Remove("diskControllerType");
        VmFabric.Succeeded(await fabric.PutAsync(id, body));
        Assert.Equal("NVMe", ControllerOf(fabric, id));

        await fabric.UploadAsync("vhds/bios.vhd", contentState: null);
        VmFabric.Succeeded(await fabric.AddImageAsync("bios", blob: "vhds/bios.vhd"));
        ResourceId old = await fabric.CreateAsync("old", VmFabric.Body("bios"));
        VmFabric.Succeeded(await fabric.ActAsync(old, "deallocate"));
        FabricException refusal = await VmFabric.RefusedAsync(
            "InvalidParameter", () => fabric.PatchAsync(old, """{"properties":{"storageProfile":{"diskControllerType":"NVMe"}}}"""));
        Assert.Contains("the virtual machine 'old' is of generation 1", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<VmFabric> StartAsync(int generation)
    {
        VmFabric fabric = await VmFabric.StartAsync();
        VmFabric.Succeeded(await fabric.AddImageAsync(generation: generation));
        return fabric;
    }

    private static JsonObject Body(string? controller)
    {
        JsonObject body = VmFabric.Body();
        if (controller is not null)
        {
            body["properties"]!["storageProfile"]!["diskControllerType"] = controller;
        }

        return body;
    }

    private static JsonObject Attach(JsonObject disk)
    {
        disk["createOption"] = "Attach";
        disk["osType"] = "Linux";
        return new JsonObject
        {
            ["location"] = "local1",
            ["properties"] = new JsonObject
            {
                ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_B2s" },
                ["storageProfile"] = new JsonObject { ["osDisk"] = disk, ["diskControllerType"] = "NVMe" },
            },
        };
    }

    private static string? ControllerOf(VmFabric fabric, ResourceId id) => (string?)fabric.Read(id)["properties"]!["storageProfile"]!["diskControllerType"];
}
