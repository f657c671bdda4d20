using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Images;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.Tests.Disks;
using AzureVmRole.TestKit;
using Xunit;
using static AzureVmRole.Fabric.Tests.Media.MediaRoom;

namespace AzureVmRole.Fabric.Tests.Images;

public sealed class ImageTests : IAsyncDisposable
{
    private const string Register = """{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"vhds/base.vhd"}}}}""";

    private readonly DiskRoom _room = new();
    private readonly ResourceId _id = TestParts.Id(ResourceType.Images, "base");
    private readonly ResourceId _disk = TestParts.Id(ResourceType.Disks, "os");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _room.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Put_Vhd_IsRegisteredAsItIsAndHeld()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/base.vhd", metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [LocationMedia.ContentStateKey] = "Specialized" });

        JsonObject image = await _room.MakeAsync(_id, Register);

        VhdInspection? vhd = await _room.Here.InspectAsync("vhds/base.vhd", Token);
        JsonNode disk = image["properties"]!["storageProfile"]!["osDisk"]!;
        Assert.Equal((_room.Here.UriOf("vhds/base.vhd").AbsoluteUri, "V1", "Succeeded"), ((string?)disk["blobUri"], (string?)image["properties"]!["hyperVGeneration"], (string?)image["properties"]!["provisioningState"]));
        Assert.Equal((true, _id.Text), (vhd?.IsLeased, vhd?.Holder));
        Assert.Equal(content, Hash(_room.Here, "vhds/base.vhd", 32 * Mebibyte));
        Assert.Equal("Specialized", (string?)_room.Find(_id).Observed[ImageDocument.ContentState]);
        await Assert.ThrowsAsync<TransferException>(
            () => _room.Here.Store.WritePagesAsync(new BlobName("vhds", "base.vhd"), 0, new byte[512], default, Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_DynamicVhd_IsRefusedWithTheFindings()
    {
        await MakeBlobAsync(_room.Here, "vhds/base.vhd", new VhdImageBuilder(32 << 20, VhdImageBuilder.Dynamic).ToArray());

        FabricException refusal = await _room.RefusedAsync(_id, Register);

        Assert.Equal("InvalidParameter", refusal.AzureCode);
        Assert.Equal("ContainerType", Assert.Single(refusal.Details).AzureCode);
        Assert.Null(_room.Test.Find(_id));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{"location":"local1","properties":{}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":{"osDisk":{"blobUri":"vhds/base.vhd"}}}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Plan9","blobUri":"vhds/base.vhd"}}}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Maybe","blobUri":"vhds/base.vhd"}}}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","blobUri":"vhds/base.vhd"},"dataDisks":[{"lun":0}]}}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","blobUri":"../base.vhd"}}}}""")]
    [InlineData("""{"location":"local2","properties":{"storageProfile":{"osDisk":{"osType":"Linux","blobUri":"vhds/base.vhd"}}}}""")]
    [InlineData("""{"location":"local1","properties":{"storageProfile":[]}}""")]
    public async Task Put_Wrong_IsRefusedAndLeavesTheVhdFree(string body)
    {
        await MakeVhdAsync(_room.Here, "vhds/base.vhd");

        Assert.Equal("InvalidParameter", (await _room.RefusedAsync(_id, body)).AzureCode);

        Assert.Null(_room.Test.Find(_id));
        await _room.MakeAsync(_id, Register);
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_VhdOfAnotherImage_IsRefusedByName()
    {
        await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        await _room.MakeAsync(_id, Register);

        FabricException refusal = await _room.RefusedAsync(TestParts.Id(ResourceType.Images, "second"), Register);

        Assert.Equal("ResourceInUse", refusal.AzureCode);
        Assert.Contains(_id.Text, refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_AnswerSentBackWithTags_ChangesTheTagsOnly()
    {
        await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        JsonObject image = await _room.MakeAsync(_id, Register);
        image["tags"] = new JsonObject { ["a"] = "b" };

        Acceptance accepted = await _room.AskAsync(_id, image.ToJsonString());

        Assert.Equal((false, null, "b"), (accepted.IsCreated, accepted.OperationId, (string?)_room.Read(_id)["tags"]?["a"]));
        Assert.Equal("PropertyChangeNotAllowed", (await _room.RefusedAsync(_id, Register.Replace("Linux", "Windows", StringComparison.Ordinal))).AzureCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null, true)]
    [InlineData("true", false)]
    public async Task Delete_Image_KeepsTheVhdUnlessAskedTo(string? deleteVhd, bool isKept)
    {
        await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        await _room.MakeAsync(_id, Register);

        Operation? operation = await _room.LookAsync(_id, (await _room.DeleteAsync(_id, deleteVhd)).OperationId);

        VhdInspection? vhd = await _room.Here.InspectAsync("vhds/base.vhd", Token);
        Assert.Equal((OperationStatus.Succeeded, isKept), (operation?.Status, vhd is not null));
        Assert.Equal((isKept ? false : null, null), (vhd?.IsLeased, vhd?.Holder));
    }

    [Fact(Timeout = 60_000)]
    public async Task Disk_FromImage_IsAnOwnVhdAndTheMasterStays()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        await _room.MakeAsync(_id, Register);
        BlobProperties? before = await FindAsync(_room.Here, "vhds/base.vhd");

        JsonObject disk = await MakeDiskAsync();

        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(_disk), 32 * Mebibyte));
        Assert.Equal(("Linux", "V1", 32 * Mebibyte), ((string?)disk["properties"]!["osType"], (string?)disk["properties"]!["hyperVGeneration"], (long)disk["properties"]!["diskSizeBytes"]!));
        Assert.Equal(before?.ETag, (await FindAsync(_room.Here, "vhds/base.vhd"))?.ETag);
        Assert.NotEqual("vhds/base.vhd", _room.BlobOf(_disk), StringComparer.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("managedDisk")]
    [InlineData("snapshot")]
    public async Task Put_FromDiskOrSnapshot_IsACopy(string kind)
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        await _room.MakeAsync(_id, Register);
        await MakeDiskAsync();
        ResourceId source = _disk;
        if (kind == "snapshot")
        {
            source = TestParts.Id(ResourceType.Snapshots, "s1");
            await _room.MakeAsync(source, $$$$$$"""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{{_disk.Text}}}}}}"}}}""");
        }

        ResourceId second = TestParts.Id(ResourceType.Images, "second");
        JsonObject image = await _room.MakeAsync(second, $$$$$$"""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osState":"Generalized","{{{{{{kind}}}}}}":{"id":"{{{{{{source.Text}}}}}}"}}}}}""");

        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(second), 32 * Mebibyte));
        Assert.Equal(("Linux", source.Text), ((string?)image["properties"]!["storageProfile"]!["osDisk"]!["osType"], (string?)image["properties"]!["storageProfile"]!["osDisk"]![kind]!["id"]));
        Assert.Equal(second.Text, (await _room.Here.InspectAsync(_room.BlobOf(second), Token))?.Holder);
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_StoppedGeneralizedMachine_CapturesItsOSDiskAndRemembersTheOthers()
    {
        string content = await MakeMachineAsync("Deallocated", isGeneralized: true);

        ResourceId captured = TestParts.Id(ResourceType.Images, "captured");
        JsonObject image = await _room.MakeAsync(captured, Capture(""));

        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(captured), 32 * Mebibyte));
        Assert.Equal("Generalized", (await _room.Here.InspectAsync(_room.BlobOf(captured), Token))?.ContentState);
        JsonNode remembered = JsonNode.Parse((string?)image["tags"]![ImageDocument.DataDisksTag] ?? "")!;
        Assert.Equal((3, TestParts.Id(ResourceType.Disks, "d3").Text, "None"), ((int)remembered[0]!["lun"]!, (string?)remembered[0]!["id"], (string?)remembered[0]!["caching"]));
        Assert.NotNull(_room.Test.Find(_disk));
        Assert.NotNull(await FindAsync(_room.Here, _room.BlobOf(_disk)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Running", true, "")]
    [InlineData("Starting", true, "")]
    [InlineData("Deallocated", false, "")]
    [InlineData("Running", false, "Specialized")]
    public async Task Put_MachineNotReady_IsRefused(string power, bool isGeneralized, string osState)
    {
        await MakeMachineAsync(power, isGeneralized);

        Assert.Equal("OperationNotAllowed", (await _room.RefusedAsync(TestParts.Id(ResourceType.Images, "captured"), Capture(osState))).AzureCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_StoppedMachineAsSpecialized_SaysSoInTheVhd()
    {
        await MakeMachineAsync("Stopped", isGeneralized: false);
        ResourceId captured = TestParts.Id(ResourceType.Images, "captured");

        await _room.MakeAsync(captured, Capture("Specialized"));

        Assert.Equal("Specialized", (string?)_room.Find(captured).Observed[ImageDocument.ContentState]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reconcile_DiskGone_FailsAndLeavesNoBlob()
    {
        await MakeMachineAsync("Stopped", isGeneralized: true);
        ResourceId captured = TestParts.Id(ResourceType.Images, "captured");
        Acceptance accepted = await _room.AskAsync(captured, Capture(""));
        _room.Test.Database.Change(table =>
        {
            table.Delete(_disk);
            return true;
        });

        Operation? operation = await _room.LookAsync(captured, accepted.OperationId);

        Assert.Equal((OperationStatus.Failed, "ResourceNotFound"), (operation?.Status, operation?.ErrorCode));
        Assert.Empty(_room.Find(captured).Observed);
    }

    private static string Capture(string osState) => osState.Length == 0
        ? $$$$$$"""{"location":"local1","properties":{"sourceVirtualMachine":{"id":"{{{{{{TestParts.Id(ResourceType.VirtualMachines, "web1").Text}}}}}}"}}}"""
        : $$$$$$"""{"location":"local1","properties":{"sourceVirtualMachine":{"id":"{{{{{{TestParts.Id(ResourceType.VirtualMachines, "web1").Text}}}}}}"},"storageProfile":{"osDisk":{"osState":"{{{{{{osState}}}}}}"}}}}""";

    private Task<JsonObject> MakeDiskAsync() => _room.MakeAsync(
        _disk, $$$$$$"""{"location":"local1","properties":{"creationData":{"createOption":"FromImage","imageReference":{"id":"{{{{{{_id.Text}}}}}}"}}}}""");

    private async Task<string> MakeMachineAsync(string power, bool isGeneralized)
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/base.vhd");
        await _room.MakeAsync(_id, Register);
        await MakeDiskAsync();
        _room.MakeMachine("web1", _disk, power, isGeneralized, (3, TestParts.Id(ResourceType.Disks, "d3")));
        return content;
    }
}
