using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Control;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.FrontEnd.Groups;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.FrontEnd.Groups;

public sealed class GroupTests : IAsyncDisposable
{
    private static readonly ResourceId Group = TestParts.GroupId("Web.(1)-a_b");

    private readonly TestParts _fabric = new();
    private readonly GroupRequests _groups;

    public GroupTests() => _groups = new GroupRequests(_fabric.Parts);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fabric.DisposeAsync();

    [Fact]
    public async Task PutAsync_New_Is201AndReadBack()
    {
        Acceptance made = await PutAsync("""{"location":"Local 1","tags":{"a":"b"},"unknown":1}""");

        Assert.Equal((true, null), (made.IsCreated, made.OperationId));
        const string Expected =
            """{"id":"/subscriptions/00000000-0000-0000-0000-00000000a23e/resourceGroups/Web.(1)-a_b","name":"Web.(1)-a_b","type":"Microsoft.Resources/resourceGroups","location":"local1","tags":{"a":"b"},"properties":{"provisioningState":"Succeeded"}}""";
        Assert.Equal(Expected, made.Body?.ToJsonString());
        Assert.Equal(Expected, _groups.Read(TestParts.GroupId("web.(1)-A_B"), TestParts.NoContext).ToJsonString());
    }

    [Fact]
    public async Task PutAsync_Again_Is200WithTheFirstSpellingAndNewTags()
    {
        await PutAsync("""{"location":"local1","tags":{"a":"b"}}""");

        Acceptance again = await _groups.PutAsync(TestParts.GroupId("WEB.(1)-a_b"), TestParts.Json("""{"location":"local1","tags":{"c":"d"}}"""), TestParts.NoContext, Token);

        Assert.False(again.IsCreated);
        Assert.Equal(("Web.(1)-a_b", """{"c":"d"}"""), ((string?)again.Body?["name"], again.Body?["tags"]?.ToJsonString()));
    }

    [Fact]
    public async Task PatchAsync_Tags_ReplacesThemAndKeepsTheRest()
    {
        await PutAsync("""{"location":"local1","managedBy":"m","tags":{"a":"b"}}""");

        Acceptance patched = await _groups.PatchAsync(Group, TestParts.Json("""{"tags":{"c":"d"}}"""), TestParts.NoContext, Token);

        Assert.Equal(("""{"c":"d"}""", "m"), (patched.Body?["tags"]?.ToJsonString(), (string?)patched.Body?["managedBy"]));
    }

    [Theory]
    [InlineData("g", "{}", HttpStatusCode.BadRequest, "LocationRequired")]
    [InlineData("g", """{"location":"mars"}""", HttpStatusCode.BadRequest, "LocationNotAvailableForResourceGroup")]
    [InlineData("g", """{"location":"local1","tags":{"a":1}}""", HttpStatusCode.BadRequest, "InvalidTagValue")]
    [InlineData("g", """{"location":"local1","tags":[]}""", HttpStatusCode.BadRequest, "InvalidTags")]
    [InlineData("a b", """{"location":"local1"}""", HttpStatusCode.BadRequest, "InvalidResourceGroup")]
    [InlineData("..", """{"location":"local1"}""", HttpStatusCode.BadRequest, "InvalidResourceGroup")]
    [InlineData("a.", """{"location":"local1"}""", HttpStatusCode.BadRequest, "InvalidResourceGroup")]
    public async Task PutAsync_Wrong_IsRefused(string name, string body, HttpStatusCode status, string code)
    {
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(
            () => Task.Run(() => _groups.PutAsync(TestParts.GroupId(name), TestParts.Json(body), TestParts.NoContext, Token), Token));

        Assert.Equal((status, code), (refusal.Status, refusal.AzureCode));
        Assert.Null(_fabric.Find(TestParts.GroupId(name)));
    }

    [Fact]
    public async Task PutAsync_OtherLocation_IsAConflict()
    {
        await PutAsync("""{"location":"local1"}""");

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => PutAsync("""{"location":"local2"}"""), Token));

        Assert.Equal((HttpStatusCode.Conflict, "InvalidResourceGroupLocation"), (refusal.Status, refusal.AzureCode));
    }

    [Fact]
    public void Read_Missing_IsResourceGroupNotFound() =>
        Assert.Equal("ResourceGroupNotFound", Assert.Throws<FabricException>(() => _groups.Read(Group, TestParts.NoContext)).AzureCode);

    [Fact]
    public async Task List_PagesAndFilter_GiveEachOnce()
    {
        for (int index = 0; index < 7; index++)
        {
            await _groups.PutAsync(TestParts.GroupId($"g{index}"), TestParts.Json($$$"""{"location":"local1","tags":{"odd":"{{{index % 2}}}"}}"""), TestParts.NoContext, Token);
        }

        Assert.Equal(["g0", "g1", "g2", "g3", "g4", "g5", "g6"], List(""), StringComparer.Ordinal);
        Assert.Equal(["g1", "g3", "g5"], List("tagName eq 'ODD' and tagValue eq '1'"), StringComparer.Ordinal);
        Assert.Equal("InvalidFilterInQueryString", Assert.Throws<FabricException>(() => List("name eq 'a'")).AzureCode);

        List<string> List(string filter)
        {
            RequestContext context = TestParts.NoContext with { Query = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["$filter"] = filter } };
            var names = new List<string>();
            string? continuation = null;
            do
            {
                ResourcePage page = _groups.List(new ListScope(TestParts.SubscriptionId), continuation, 3, context);
                Assert.True(page.Items.Count <= 3);
                names.AddRange(page.Items.Select(item => (string)item["name"]!));
                continuation = page.Continuation;
            }
            while (continuation is not null);

            return names;
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task DeleteAsync_GroupWithEverything_DeletesMachinesFirstAndThenTheGroup()
    {
        _fabric.MakeGroup();
        ResourceId[] members = [Member(ResourceType.Disks, "d"), Member(ResourceType.VirtualMachines, "m"), Member(ResourceType.VirtualMachines, "n"), Member(ResourceType.Images, "i")];
        var order = new List<string>();
        await using ControlLoop loop = Start(new FakeRequests(_fabric.Parts, order));

        Acceptance accepted = await _groups.DeleteAsync(TestParts.GroupId(), TestParts.NoContext, Token);
        Acceptance again = await _groups.DeleteAsync(TestParts.GroupId(), TestParts.NoContext, Token);
        Operation? ended = await _fabric.Parts.Operations.WaitAsync(accepted.OperationId!, TimeSpan.FromHours(1), Token);

        Assert.Equal(OperationStatus.Succeeded, ended?.Status);
        Assert.Equal(accepted.OperationId, again.OperationId);
        Assert.Equal(["m", "n", "d", "i"], order, StringComparer.Ordinal);
        Assert.All(members, member => Assert.Null(_fabric.Find(member)));
        Assert.Null(_fabric.Find(TestParts.GroupId()));
        Assert.Equal("ResourceGroupNotFound", (await Assert.ThrowsAsync<FabricException>(
            () => Task.Run(() => _groups.DeleteAsync(TestParts.GroupId(), TestParts.NoContext, Token), Token))).AzureCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task DeleteAsync_MemberThatCannotGo_FailsAndKeepsTheGroup()
    {
        _fabric.MakeGroup();
        Member(ResourceType.Disks, "held");
        Member(ResourceType.Disks, "free");
        await using ControlLoop loop = Start(new FakeRequests(_fabric.Parts, []));

        Acceptance accepted = await _groups.DeleteAsync(TestParts.GroupId(), TestParts.NoContext, Token);
        Operation? ended = await _fabric.Parts.Operations.WaitAsync(accepted.OperationId!, TimeSpan.FromHours(1), Token);

        Assert.Equal((OperationStatus.Failed, "ResourceGroupDeletionBlocked"), (ended?.Status, ended?.ErrorCode));
        Assert.Contains("'held' is in use", ended?.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(ProvisioningState.Succeeded, _fabric.Find(TestParts.GroupId())?.State);
        Assert.Null(_fabric.Find(TestParts.Id(ResourceType.Disks, "free")));
        Assert.NotNull(_fabric.Find(TestParts.Id(ResourceType.Disks, "held")));
    }

    [Fact(Timeout = 120_000)]
    public async Task PutAsync_WhileDeleting_IsRefused()
    {
        _fabric.Save(TestParts.Resource(Group, ProvisioningState.Deleting));

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => PutAsync("""{"location":"local1"}"""), Token));

        Assert.Equal((HttpStatusCode.Conflict, "ResourceGroupBeingDeleted"), (refusal.Status, refusal.AzureCode));
    }

    [Fact]
    public async Task ReadPart_Resources_GivesWhatIsInTheGroup()
    {
        _fabric.MakeGroup();
        ResourceId disk = Member(ResourceType.Disks, "d");
        await _groups.PutAsync(TestParts.GroupId("g2"), TestParts.Json("""{"location":"local1"}"""), TestParts.NoContext, Token);

        JsonArray resources = _groups.ReadPart(TestParts.GroupId(), "resources", TestParts.NoContext)["value"]!.AsArray();

        Assert.Equal(disk.Text, (string?)Assert.Single(resources)?["id"]);
    }

    private Task<Acceptance> PutAsync(string body) => _groups.PutAsync(Group, TestParts.Json(body), TestParts.NoContext, Token);

    private ResourceId Member(ResourceType type, string name)
    {
        ResourceId id = TestParts.Id(type, name);
        _fabric.Save(TestParts.Resource(id, ProvisioningState.Succeeded));
        return id;
    }

    private ControlLoop Start(FakeRequests fake)
    {
        var requests = new Dictionary<ResourceType, IResourceRequests>
        {
            [ResourceType.Disks] = fake,
            [ResourceType.Images] = fake,
            [ResourceType.VirtualMachines] = fake,
        };
        var groups = new GroupController(_fabric.Parts, requests);
        var loop = new ControlLoop(
            _fabric.Parts, [groups, fake.Controller(ResourceType.Disks), fake.Controller(ResourceType.Images), fake.Controller(ResourceType.VirtualMachines)], () => 0)
        {
            Looked = groups.Notice,
        };
        loop.Start();
        return loop;
    }
}
