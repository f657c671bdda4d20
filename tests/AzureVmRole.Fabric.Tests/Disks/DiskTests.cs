using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Media;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.Tests.Media;
using Xunit;
using static AzureVmRole.Fabric.Tests.Media.MediaRoom;

namespace AzureVmRole.Fabric.Tests.Disks;

public sealed class DiskTests : IAsyncDisposable
{
    private const string Empty1 = """{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}""";
    private const string Import = """{"location":"local1","properties":{"creationData":{"createOption":"Import","sourceUri":"vhds/data.vhd"}}}""";
    private const long Gibibyte = 1L << 30;

    private readonly DiskRoom _room = new();
    private readonly ResourceId _id = TestParts.Id(ResourceType.Disks, "Data0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _room.DisposeAsync();

    [Fact(Timeout = 60_000)]
    public async Task Put_Empty_IsAFixedVhdThatItsViewNames()
    {
        Acceptance accepted = await _room.AskAsync(_id, Empty1);
        Assert.Equal((true, "Creating"), (accepted.IsCreated, (string?)accepted.Body?["properties"]?["provisioningState"]));
        Operation? operation = await _room.LookAsync(_id, accepted.OperationId);

        JsonObject disk = _room.Read(_id);
        JsonNode properties = disk["properties"]!;
        VhdInspection? vhd = await _room.Here.InspectAsync(_room.BlobOf(_id), Token);
        Assert.Equal(OperationStatus.Succeeded, operation?.Status);
        Assert.Equal(("Succeeded", "Unattached", 1L, Gibibyte), ((string?)properties["provisioningState"], (string?)properties["diskState"], (long)properties["diskSizeGB"]!, (long)properties["diskSizeBytes"]!));
        Assert.Equal((_room.Here.UriOf(_room.BlobOf(_id)).AbsoluteUri, vhd?.UniqueId.ToString("D")), ((string?)properties["blobUri"], (string?)properties["uniqueId"]));
        Assert.Equal(("Standard_LRS", null, null), ((string?)disk["sku"]?["name"], disk["fabric"], disk["managedBy"]));
        Assert.Matches("^vhds/Data0-[0-9a-f]{8}\\.vhd$", _room.BlobOf(_id));
        Assert.Equal((true, Gibibyte), (vhd?.IsFit, vhd?.SizeInBytes));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_SameAgain_IsDoneAtOnce()
    {
        await _room.MakeAsync(_id, Empty1);
        string? before = _room.Find(_id).ETag;

        Acceptance again = await _room.AskAsync(_id, Empty1);

        Assert.Equal((false, null, before), (again.IsCreated, again.OperationId, _room.Find(_id).ETag));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_RepeatedRequest_GetsTheSameOperation()
    {
        var context = new RequestContext { Query = TestParts.NoContext.Query, ClientRequestId = "r1" };
        Acceptance first = await _room.AskAsync(_id, Empty1, context);
        await _room.LookAsync(_id, null);

        Acceptance again = await _room.AskAsync(_id, Empty1, context);

        Assert.Equal((true, first.OperationId), (again.IsCreated, again.OperationId));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{"location":"local1"}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":0}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":99999}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":"1"}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1.5}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeBytes":33554433}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":"Empty"}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Upload"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Import"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Import","sourceUri":"vhds/none.vhd"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Import","sourceUri":"file:///etc/passwd"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"/x"}}}""", "InvalidParameter")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"FromImage","imageReference":{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/none"}}}}""", "ResourceNotFound")]
    [InlineData("""{"location":"mars","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}""", "LocationNotAvailableForResourceType")]
    public async Task Put_Wrong_IsRefusedAndLeavesNothing(string body, string code)
    {
        Assert.Equal(code, (await _room.RefusedAsync(_id, body)).AzureCode);
        Assert.Null(_room.Test.Find(_id));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a%2fb")]
    [InlineData("-a")]
    [InlineData("a.")]
    [InlineData("ü")]
    public async Task Put_NameThatIsNone_IsRefused(string name) => Assert.Equal(
        "InvalidResourceName", (await _room.RefusedAsync(TestParts.Id(ResourceType.Disks, name), Empty1)).AzureCode);

    [Fact(Timeout = 60_000)]
    public async Task Put_ImportOfAFreeVhd_RegistersThatBlob()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        BlobProperties? before = await FindAsync(_room.Here, "vhds/data.vhd");

        JsonObject disk = await _room.MakeAsync(_id, Import);

        Assert.Equal(("vhds/data.vhd", 32 * Mebibyte), (_room.BlobOf(_id), (long)disk["properties"]!["diskSizeBytes"]!));
        Assert.Equal((before?.ETag, content), ((await FindAsync(_room.Here, "vhds/data.vhd"))?.ETag, Hash(_room.Here, "vhds/data.vhd", 32 * Mebibyte)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_ImportOfAVhdThatAnotherDiskOwns_Copies()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.MakeAsync(_id, Import);
        ResourceId second = TestParts.Id(ResourceType.Disks, "second");

        await _room.MakeAsync(second, Import);

        Assert.NotEqual("vhds/data.vhd", _room.BlobOf(second), StringComparer.Ordinal);
        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(second), 32 * Mebibyte));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_ImportFromAnotherLocation_Copies()
    {
        string content = await MakeVhdAsync(_room.There, "vhds/data.vhd");

        await _room.MakeAsync(_id, Import.Replace("vhds/data.vhd", _room.There.UriOf("vhds/data.vhd").AbsoluteUri, StringComparison.Ordinal));

        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(_id), 32 * Mebibyte));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_ImportOfALeasedVhd_IsRefusedWithItsHolder()
    {
        await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.Here.LeaseAsync("vhds/data.vhd", Guid.NewGuid().ToString("D"), "somebody", Token);

        FabricException refusal = await _room.RefusedAsync(_id, Import);

        Assert.Equal("ResourceInUse", refusal.AzureCode);
        Assert.Contains("somebody", refusal.Message, StringComparison.Ordinal);
        Assert.Null(_room.Test.Find(_id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_ImportThatAMachineAskedFor_RegistersInTheController()
    {
        await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        _room.Test.Save(TestParts.Resource(_id) with { Desired = TestParts.Json("""{"properties":{"creationData":{"createOption":"Import","sourceUri":"vhds/data.vhd"}}}""") });

        await _room.LookAsync(_id, null);

        Assert.Equal(("vhds/data.vhd", ProvisioningState.Succeeded), (_room.BlobOf(_id), _room.Find(_id).State));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_CopyOfADiskLargerThanIt_CopiesAndGrows()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.MakeAsync(_id, Import);
        ResourceId copy = TestParts.Id(ResourceType.Disks, "copy");

        JsonObject disk = await _room.MakeAsync(copy, $$$$$$"""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{{_id.Text}}}}}}"},"diskSizeGB":2}}""");

        Assert.Equal(2 * Gibibyte, (long)disk["properties"]!["diskSizeBytes"]!);
        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(copy), 32 * Mebibyte));
        Assert.Equal((true, 2 * Gibibyte), ((await _room.Here.InspectAsync(_room.BlobOf(copy), Token))?.IsFit, (await _room.Here.InspectAsync(_room.BlobOf(copy), Token))?.SizeInBytes));
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_LargerAndTags_GrowsAndKeepsTheRest()
    {
        await _room.MakeAsync(_id, Empty1);

        Acceptance accepted = await _room.PatchAsync(_id, """{"tags":{"a":"b"},"properties":{"diskSizeGB":3}}""");
        Operation? operation = await _room.LookAsync(_id, accepted.OperationId);

        JsonObject disk = _room.Read(_id);
        Assert.Equal((OperationStatus.Succeeded, 3 * Gibibyte, "b", "Empty"), (operation?.Status, (long)disk["properties"]!["diskSizeBytes"]!, (string?)disk["tags"]?["a"], (string?)disk["properties"]!["creationData"]?["createOption"]));
        Assert.Equal(3 * Gibibyte, (await _room.Here.InspectAsync(_room.BlobOf(_id), Token))?.SizeInBytes);
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_TagsOnly_IsDoneAtOnce()
    {
        await _room.MakeAsync(_id, Empty1);

        Acceptance accepted = await _room.PatchAsync(_id, """{"tags":{"a":"b"}}""");

        Assert.Equal((null, "b", "Succeeded"), (accepted.OperationId, (string?)accepted.Body?["tags"]?["a"], (string?)accepted.Body?["properties"]?["provisioningState"]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Patch_Smaller_IsRefused()
    {
        await _room.MakeAsync(_id, Empty1.Replace(":1}", ":4}", StringComparison.Ordinal));

        Assert.Equal("BadRequest", (await Assert.ThrowsAsync<FabricException>(() => _room.PatchAsync(_id, """{"properties":{"diskSizeGB":2}}"""))).AzureCode);
        Assert.Equal(4 * Gibibyte, (long)_room.Read(_id)["properties"]!["diskSizeBytes"]!);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("Running", false)]
    [InlineData("Stopped", false)]
    [InlineData("Deallocated", true)]
    public async Task Patch_LargerWhileAttached_OnlyWhenDeallocated(string power, bool isAllowed)
    {
        await _room.MakeAsync(_id, Empty1);
        _room.MakeMachine("web1", _id, power);

        Exception? refusal = await Record.ExceptionAsync(() => _room.PatchAsync(_id, """{"properties":{"diskSizeGB":2}}"""));

        Assert.Equal(isAllowed ? null : "OperationNotAllowed", (refusal as FabricException)?.AzureCode);
        Assert.Equal(isAllowed ? "Reserved" : "Attached", (string?)_room.Read(_id)["properties"]!["diskState"]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{"location":"local2"}""", "InvalidResourceLocation")]
    [InlineData("""{"location":"local1","properties":{"creationData":{"createOption":"Copy"}}}""", "PropertyChangeNotAllowed")]
    public async Task Put_ChangeOfWhatIsFixed_IsRefused(string body, string code)
    {
        await _room.MakeAsync(_id, Empty1);

        Assert.Equal(code, (await _room.RefusedAsync(_id, body)).AzureCode);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(null, true)]
    [InlineData("false", true)]
    [InlineData("true", false)]
    public async Task Delete_Disk_KeepsTheBlobUnlessAskedTo(string? deleteVhd, bool isKept)
    {
        await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.MakeAsync(_id, Import);

        Acceptance accepted = await _room.DeleteAsync(_id, deleteVhd);
        Operation? operation = await _room.LookAsync(_id, accepted.OperationId);

        Assert.Equal((OperationStatus.Succeeded, null), (operation?.Status, _room.Test.Find(_id)));
        Assert.Equal(isKept, await FindAsync(_room.Here, "vhds/data.vhd") is not null);
        Assert.True((await _room.DeleteAsync(_id)).IsNothing);
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_AndImportAgain_RegistersTheBlobAgain()
    {
        await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.MakeAsync(_id, Import);
        await _room.LookAsync(_id, (await _room.DeleteAsync(_id)).OperationId);

        await _room.MakeAsync(_id, Import);

        Assert.Equal("vhds/data.vhd", _room.BlobOf(_id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_Attached_IsRefusedByName()
    {
        await _room.MakeAsync(_id, Empty1);
        ResourceId machine = _room.MakeMachine("web1", _id, "Deallocated");

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => _room.DeleteAsync(_id));

        Assert.Equal("OperationNotAllowed", refusal.AzureCode);
        Assert.Contains(machine.Text, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(machine.Text, (string?)_room.Read(_id)["managedBy"]);
        Assert.Null(_room.Read(_id)["properties"]!["managedBy"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_VhdThatSomebodyElseLeases_FailsAndKeepsBoth()
    {
        await _room.MakeAsync(_id, Empty1);
        await _room.Here.LeaseAsync(_room.BlobOf(_id), Guid.NewGuid().ToString("D"), "somebody", Token);

        Operation? operation = await _room.LookAsync(_id, (await _room.DeleteAsync(_id, "true")).OperationId);

        Assert.Equal((OperationStatus.Failed, "ResourceInUse", ProvisioningState.Failed), (operation?.Status, operation?.ErrorCode, _room.Find(_id).State));
        Assert.NotNull(await FindAsync(_room.Here, _room.BlobOf(_id)));
    }

    [Fact(Timeout = 60_000)]
    public async Task Access_BeginAndEnd_GivesTheAddressAndGuardsTheDisk()
    {
        await _room.MakeAsync(_id, Empty1);

        Acceptance given = await _room.ActAsync(_id, "BeginGetAccess", """{"access":"Read","durationInSeconds":60}""");
        Assert.Equal(((string?)_room.Read(_id)["properties"]!["blobUri"], null), ((string?)given.Body?["accessSAS"], given.OperationId));
        Assert.Equal("ActiveSAS", (string?)_room.Read(_id)["properties"]!["diskState"]);
        Assert.Equal("OperationNotAllowed", (await Assert.ThrowsAsync<FabricException>(() => _room.DeleteAsync(_id))).AzureCode);

        await _room.ActAsync(_id, "endGetAccess", "{}");
        Assert.Equal("Unattached", (string?)_room.Read(_id)["properties"]!["diskState"]);
        Assert.NotNull((await _room.DeleteAsync(_id)).OperationId);
    }

    [Fact(Timeout = 60_000)]
    public async Task Access_TimeIsOver_EndsByItself()
    {
        await _room.MakeAsync(_id, Empty1);
        await _room.ActAsync(_id, "beginGetAccess", """{"access":"Read","durationInSeconds":60}""");

        _room.Test.Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal("Unattached", (string?)_room.Read(_id)["properties"]!["diskState"]);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("""{"access":"Write","durationInSeconds":60}""")]
    [InlineData("""{"access":"Read"}""")]
    [InlineData("""{"durationInSeconds":60}""")]
    public async Task Access_Wrong_IsRefused(string body)
    {
        await _room.MakeAsync(_id, Empty1);

        Assert.Equal("InvalidParameter", (await Assert.ThrowsAsync<FabricException>(() => _room.ActAsync(_id, "beginGetAccess", body))).AzureCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reconcile_KilledAfterNamesWereSaved_MakesThatBlob()
    {
        await _room.AskAsync(_id, Empty1);
        _room.Change(_id, (_, observed) => MediaDocument.Name(observed, "vhds/Data0-00000001.vhd"));

        await _room.LookAsync(_id, null);

        Assert.Equal(("vhds/Data0-00000001.vhd", ProvisioningState.Succeeded), (_room.BlobOf(_id), _room.Find(_id).State));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reconcile_DeletedWhileHalfMade_LeavesNoBlob()
    {
        await _room.AskAsync(_id, Empty1);
        string uniqueId = "";
        _room.Change(_id, (_, observed) =>
        {
            MediaDocument.Name(observed, "vhds/Data0-00000001.vhd");
            uniqueId = (string)observed[MediaDocument.UniqueId]!;
        });
        await MediaRoom.MakeBlobAsync(
            _room.Here, "vhds/Data0-00000001.vhd", 1024, new Dictionary<string, string>(StringComparer.Ordinal) { [BlobMetadata.DiskIdentifier] = uniqueId });

        await _room.LookAsync(_id, (await _room.DeleteAsync(_id)).OperationId);

        Assert.Null(await FindAsync(_room.Here, "vhds/Data0-00000001.vhd"));
        Assert.Null(_room.Test.Find(_id));
    }

    [Fact(Timeout = 60_000)]
    public async Task Reconcile_SourceGone_FailsClearlyAndTheNextPutTriesAgain()
    {
        await MakeVhdAsync(_room.There, "vhds/data.vhd");
        string body = Import.Replace("vhds/data.vhd", _room.There.UriOf("vhds/data.vhd").AbsoluteUri, StringComparison.Ordinal);
        Acceptance accepted = await _room.AskAsync(_id, body);
        await _room.There.DeleteAsync("vhds/data.vhd", null, Token);
        Operation? failed = await _room.LookAsync(_id, accepted.OperationId);
        Assert.Equal((OperationStatus.Failed, "Failed"), (failed?.Status, (string?)_room.Read(_id)["properties"]!["provisioningState"]));
        Assert.Equal("message", Assert.Single(_room.Find(_id).Observed).Key);

        await MakeVhdAsync(_room.There, "vhds/data.vhd");
        JsonObject disk = await _room.MakeAsync(_id, body);

        Assert.Equal("Succeeded", (string?)disk["properties"]!["provisioningState"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Reconcile_Settled_WakesTheMachineThatWaits()
    {
        await _room.AskAsync(_id, Empty1);
        ResourceId machine = _room.MakeMachine("web1", _id, "Deallocated");
        Assert.Equal(_id, await _room.Test.Parts.Queue.TakeAsync(Token));

        await _room.LookAsync(_id, null);

        Assert.Equal(machine, await _room.Test.Parts.Queue.TakeAsync(Token));
    }

    [Fact(Timeout = 60_000)]
    public async Task List_Pages_GiveEveryDiskOnce()
    {
        foreach (int number in Enumerable.Range(0, 5))
        {
            await _room.MakeAsync(TestParts.Id(ResourceType.Disks, $"d{number}"), Empty1);
        }

        var names = new List<string?>();
        string? place = null;
        do
        {
            ResourcePage page = _room.Requests(ResourceType.Disks).List(new ListScope(TestParts.SubscriptionId), place, 2, TestParts.NoContext);
            names.AddRange(page.Items.Select(disk => (string?)disk["name"]));
            place = page.Continuation;
        }
        while (place is not null);

        Assert.Equal(["d0", "d1", "d2", "d3", "d4"], names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Snapshot_OfADisk_IsItsOwnFixedVhdThatNobodyWrites()
    {
        string content = await MakeVhdAsync(_room.Here, "vhds/data.vhd");
        await _room.MakeAsync(_id, Import);
        await _room.Here.LeaseAsync("vhds/data.vhd", Guid.NewGuid().ToString("D"), "a running machine", Token);
        ResourceId snapshot = TestParts.Id(ResourceType.Snapshots, "s1");

        JsonObject view = await _room.MakeAsync(snapshot, $$$$$$"""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{{_id.Text}}}}}}"}}}""");

        VhdInspection? vhd = await _room.Here.InspectAsync(_room.BlobOf(snapshot), Token);
        Assert.Equal(content, Hash(_room.Here, _room.BlobOf(snapshot), 32 * Mebibyte));
        Assert.Equal((true, snapshot.Text), (vhd?.IsLeased, vhd?.Holder));
        Assert.Equal(("Microsoft.Compute/snapshots", 32 * Mebibyte), ((string?)view["type"], (long)view["properties"]!["diskSizeBytes"]!));

        await _room.LookAsync(snapshot, (await _room.DeleteAsync(snapshot, "true")).OperationId);
        Assert.Null(_room.Test.Find(snapshot));
    }

    [Fact(Timeout = 60_000)]
    public async Task Snapshot_Empty_IsRefused() =>
        Assert.Equal("InvalidParameter", (await _room.RefusedAsync(TestParts.Id(ResourceType.Snapshots, "s1"), Empty1)).AzureCode);
}
