using System.Net;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.FrontEnd;

public sealed class RequestDeskTests : IAsyncDisposable
{
    private static readonly ResourceId Disk = TestParts.Id(ResourceType.Disks, "d");

    private readonly TestParts _fabric = new();

    public ValueTask DisposeAsync() => _fabric.DisposeAsync();

    [Fact]
    public void Accept_Refused_LeavesNothing()
    {
        _fabric.MakeGroup();

        Assert.Throws<FabricException>(() => Put(context: Context("r1"), after: () => throw new FabricException(HttpStatusCode.BadRequest, "InvalidParameter", "x", "m")));

        Assert.Null(_fabric.Find(Disk));
        Assert.Empty(_fabric.Database.Read(table => table.ListRunning(Disk)));
        Assert.Null(_fabric.Database.Read(table => table.FindRequest("r1", $"Put {Disk.Key}")));
    }

    /// <summary>What a killed process leaves is what is in its files: a copy of them, made inside the transaction and after it, is opened.</summary>
    [Fact]
    public void Accept_KilledBeforeOrAfterTheCommit_LeavesNothingOrAll()
    {
        using var folder = new TemporaryFolder();
        _fabric.MakeGroup();
        string before = Path.Combine(folder.Path, "before.db");
        string after = Path.Combine(folder.Path, "after.db");

        Acceptance accepted = Put(Context("r1"), () => Copy(before));
        Copy(after);

        Assert.Equal((false, false, false), Look(before, accepted.OperationId!));
        Assert.Equal((true, true, true), Look(after, accepted.OperationId!));
    }

    [Fact]
    public void Accept_SameRequestAgain_GivesTheFirstAnswer()
    {
        _fabric.MakeGroup();
        Acceptance first = Put(Context("r1"));

        Acceptance again = Put(Context("r1"), () => throw new InvalidDataException("accepted twice"));

        Assert.Equal((true, first.OperationId), (again.IsCreated, again.OperationId));
        Assert.Single(_fabric.Database.Read(table => table.ListRunning(Disk)));
        Assert.NotEqual(first.OperationId, Put(Context("r2")).OperationId, StringComparer.Ordinal);
    }

    [Fact]
    public void Accept_SameRequestWithAnotherContentOrAfterDeletion_IsAcceptedAnew()
    {
        _fabric.MakeGroup();
        Acceptance first = Put(Context("r1") with { ContentId = "a" });
        Acceptance other = Put(Context("r1") with { ContentId = "b" });
        Assert.NotEqual(first.OperationId, other.OperationId, StringComparer.Ordinal);
        Assert.Equal(other.OperationId, Put(Context("r1") with { ContentId = "b" }).OperationId);

        _fabric.Database.Change(table =>
        {
            table.Delete(Disk);
            return true;
        });
        Acceptance again = Put(Context("r1") with { ContentId = "b" });
        Assert.True(again.IsCreated);
        Assert.NotEqual(other.OperationId, again.OperationId, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData("\"none\", W/TAG", true)]
    [InlineData("TAG", true)]
    [InlineData("\"none\"", false)]
    [InlineData("", false)]
    public void Accept_IfMatch_TakesListsAndWeakTags(string condition, bool isAccepted)
    {
        _fabric.MakeGroup();
        Put(TestParts.NoContext);
        string tag = _fabric.Find(Disk)!.ETag;
        RequestContext context = TestParts.NoContext with { IfMatch = condition.Replace("TAG", tag, StringComparison.Ordinal) };

        Assert.Equal(isAccepted, Record.Exception(() => Put(context)) is null);
        Assert.Equal(isAccepted, Record.Exception(() => Put(TestParts.NoContext with { IfNoneMatch = condition.Replace("TAG", _fabric.Find(Disk)!.ETag, StringComparison.Ordinal) })) is FabricException);
    }

    [Fact(Timeout = 120_000)]
    public async Task Accept_Accepted_IsInTheQueue()
    {
        _fabric.MakeGroup();

        Put(TestParts.NoContext);

        Assert.Equal(Disk, await _fabric.Parts.Queue.TakeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Accept_GroupMissingOrGoing_IsRefused()
    {
        Assert.Equal("ResourceGroupNotFound", Assert.Throws<FabricException>(() => Put(TestParts.NoContext)).AzureCode);

        _fabric.Save(TestParts.Resource(TestParts.GroupId(), ProvisioningState.Deleting));
        FabricException refusal = Assert.Throws<FabricException>(() => Put(TestParts.NoContext));
        Assert.Equal((HttpStatusCode.Conflict, "ResourceGroupBeingDeleted"), (refusal.Status, refusal.AzureCode));

        Acceptance deletion = _fabric.Parts.Desk.Accept("Delete", Disk, TestParts.NoContext, _ => Acceptance.Nothing, _ => Acceptance.Nothing);
        Assert.True(deletion.IsNothing);
    }

    [Theory]
    [InlineData(null, "*", "exists already")]
    [InlineData("\"ffff\"", null, "expected \"ffff\"")]
    public void Accept_ConditionFails_IsRefused(string? ifMatch, string? ifNoneMatch, string message)
    {
        _fabric.MakeGroup();
        Put(TestParts.NoContext);

        FabricException refusal = Assert.Throws<FabricException>(() => Put(TestParts.NoContext with { IfMatch = ifMatch, IfNoneMatch = ifNoneMatch }));

        Assert.Equal(HttpStatusCode.PreconditionFailed, refusal.Status);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(Put(TestParts.NoContext with { IfMatch = _fabric.Find(Disk)?.ETag }).OperationId);
    }

    private static RequestContext Context(string clientRequestId) => TestParts.NoContext with { ClientRequestId = clientRequestId };

    private static (bool Resource, bool Operation, bool Request) Look(string path, string operationId)
    {
        using var database = FabricDatabase.Open(path);
        return database.Read(table => (
            table.Find(Disk) is not null, table.FindOperation(operationId) is { Status: OperationStatus.InProgress },
            table.FindRequest("r1", $"Put {Disk.Key}") is not null));
    }

    private Acceptance Put(RequestContext context, Action? after = null) => _fabric.Parts.Desk.Accept(
        "Put", Disk, context,
        acceptor =>
        {
            string operationId = acceptor.Begin(TestParts.Resource(Disk)).OperationId;
            after?.Invoke();
            return new Acceptance(acceptor.Found is null, null, operationId);
        },
        _ => new Acceptance(IsCreated: false, null, null));

    private void Copy(string path)
    {
        string source = _fabric.Parts.Home.DatabasePath;
        foreach (string suffix in (string[])["", "-wal"])
        {
            // Shared with the connections that have it open.
            using var from = new FileStream(source + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream to = File.Create(path + suffix);
            from.CopyTo(to);
        }
    }
}
