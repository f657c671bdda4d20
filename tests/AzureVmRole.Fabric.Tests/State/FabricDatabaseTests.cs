using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;
using AzureVmRole.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AzureVmRole.Fabric.Tests.State;

public sealed class FabricDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("fabric.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_AgainAfterClosing_GivesBackEveryField()
    {
        Resource resource = TestParts.Resource(TestParts.Id(ResourceType.Disks, "Däta")) with
        {
            Desired = TestParts.Json("""{"tags":{"a":"ü"},"properties":{"diskSizeGB":4}}"""),
            Observed = TestParts.Json("""{"blob":"vhds/x.vhd"}"""),
            Generation = 7,
            ObservedGeneration = 5,
            State = ProvisioningState.Updating,
        };
        Operation operation = Begun(resource.Id) with { Status = OperationStatus.Failed, Ended = resource.Created, ErrorCode = "E", ErrorMessage = "m", Result = new JsonObject { ["r"] = 1 } };
        Resource saved;
        using (var database = FabricDatabase.Open(FilePath))
        {
            saved = database.Change(table =>
            {
                table.Save(operation);
                table.SaveRequest("id1", "Put x", operation.Id, isCreated: true, resource.Created);
                table.SaveSetting("s", "v");
                return table.Save(resource);
            });
        }

        using var again = FabricDatabase.Open(FilePath);
        (Resource? found, Operation? foundOperation) = again.Read(table => (table.Find(TestParts.Id(ResourceType.Disks, "DÄTA", "G")), table.FindOperation(operation.Id)));

        Assert.NotNull(found);
        Assert.Equal("Däta", found.Id.Name);
        Assert.Equal((resource.Desired.ToJsonString(), resource.Observed.ToJsonString()), (found.Desired.ToJsonString(), found.Observed.ToJsonString()));
        Assert.Equal(saved with { Desired = found.Desired, Observed = found.Observed }, found);
        Assert.NotNull(foundOperation);
        Assert.Equal("""{"r":1}""", foundOperation.Result?.ToJsonString());
        Assert.Equal(operation with { Result = foundOperation.Result }, foundOperation);
        Assert.Equal((operation.Id, true), again.Read(table => table.FindRequest("id1", "Put x")));
        Assert.Null(again.Read(table => table.FindRequest("id1", "Put y")));
        Assert.Equal("v", again.Read(table => table.FindSetting("s")));
    }

    [Fact]
    public void Change_WorkThrows_UndoesAllOfIt()
    {
        using var database = FabricDatabase.Open(FilePath);
        ResourceId id = TestParts.Id(ResourceType.Disks, "d");

        Assert.Throws<InvalidDataException>(() => database.Change<bool>(table =>
        {
            table.Save(TestParts.Resource(id));
            table.Save(Begun(id));
            throw new InvalidDataException("no");
        }));

        Assert.Null(database.Read(table => table.Find(id)));
        Assert.Empty(database.Read(table => table.ListRunning(id)));
        database.Change(table => table.Save(TestParts.Resource(id)));
        Assert.NotNull(database.Read(table => table.Find(id)));
    }

    [Fact]
    public void Save_DeletedAndMadeAgain_HasAnotherETag()
    {
        using var database = FabricDatabase.Open(FilePath);
        ResourceId id = TestParts.Id(ResourceType.Disks, "d");

        string first = database.Change(table => table.Save(TestParts.Resource(id))).ETag;
        database.Change(table =>
        {
            table.Delete(id);
            return true;
        });
        string second = database.Change(table => table.Save(TestParts.Resource(id))).ETag;

        Assert.NotEqual(first, second, StringComparer.Ordinal);
    }

    [Fact]
    public void List_Pages_GiveEachResourceOfTheScopeOnce()
    {
        using var database = FabricDatabase.Open(FilePath);
        string[] names = [.. Enumerable.Range(0, 25).Select(index => $"d{index:00}")];
        database.Change(table =>
        {
            foreach (string name in names)
            {
                table.Save(TestParts.Resource(TestParts.Id(ResourceType.Disks, name)));
                table.Save(TestParts.Resource(TestParts.Id(ResourceType.Disks, name, "g2")));
                table.Save(TestParts.Resource(TestParts.Id(ResourceType.Images, name)));
            }

            return true;
        });

        var listed = new List<string>();
        string? continuation = null;
        do
        {
            List<Resource> page = database.Read(table => table.List(ResourceType.Disks, new ListScope(TestParts.SubscriptionId, "G"), continuation, 10));
            listed.AddRange(page.Select(resource => resource.Id.Name));
            continuation = page.Count == 10 ? page[^1].Id.Key : null;
        }
        while (continuation is not null);

        Assert.Equal(names, listed, StringComparer.Ordinal);
        Assert.Equal(50, database.Read(table => table.List(ResourceType.Disks, new ListScope(TestParts.SubscriptionId), null, 100)).Count);
        Assert.Empty(database.Read(table => table.List(ResourceType.Disks, new ListScope(TestParts.SubscriptionId, Location: "local2"), null, 100)));
    }

    [Fact]
    public void Open_LaterVersion_IsRefusedAndLeftAsItIs()
    {
        FabricDatabase.Open(FilePath).Dispose();
        Run("PRAGMA user_version = 99");

        FabricException refusal = Assert.Throws<FabricException>(() => FabricDatabase.Open(FilePath));

        Assert.Equal(ErrorCode.FabricDamaged, refusal.Code);
        Assert.Contains("version 99", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Run("PRAGMA user_version"));
    }

    [Fact]
    public void Open_InterruptedBeforeTheFirstStep_MakesTheTables()
    {
        Run("PRAGMA journal_mode = WAL");

        using var database = FabricDatabase.Open(FilePath);

        Assert.Empty(database.Read(table => table.ListUnsettled()));
        Assert.Equal(FabricSchema.Version, Run("PRAGMA user_version"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void Open_Damaged_IsRefusedWithTheWayOutAndTheBackupIsKept(int offset)
    {
        using (var database = FabricDatabase.Open(FilePath))
        {
            database.Change(table =>
            {
                for (int index = 0; index < 200; index++)
                {
                    table.Save(TestParts.Resource(TestParts.Id(ResourceType.Disks, $"d{index}")));
                }

                return true;
            });
            database.BackUp(FilePath + ".backup");
        }

        byte[] damaged = File.ReadAllBytes(FilePath);
        damaged.AsSpan(offset, 3000).Fill(0x5A);
        File.WriteAllBytes(FilePath, damaged);

        FabricException refusal = Assert.Throws<FabricException>(() => FabricDatabase.Open(FilePath));

        Assert.Equal(ErrorCode.FabricDamaged, refusal.Code);
        Assert.Contains(FilePath + ".backup", refusal.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllBytes(FilePath));

        File.Move(FilePath + ".backup", FilePath, overwrite: true);
        File.Delete(FilePath + "-wal");
        File.Delete(FilePath + "-shm");
        using var restored = FabricDatabase.Open(FilePath);
        Assert.Equal(200, restored.Read(table => table.ListUnsettled()).Count);
    }

    [Fact]
    public void BackUp_WhileOthersChange_HoldsWhatWasCommitted()
    {
        using var database = FabricDatabase.Open(FilePath);
        database.Change(table => table.Save(TestParts.Resource(TestParts.Id(ResourceType.Disks, "before"))));

        database.Change(table =>
        {
            table.Save(TestParts.Resource(TestParts.Id(ResourceType.Disks, "after")));
            database.BackUp(FilePath + ".backup");
            return true;
        });

        using var copy = FabricDatabase.Open(FilePath + ".backup");
        Assert.Equal(["before"], copy.Read(table => table.ListUnsettled()).Select(id => id.Name), StringComparer.Ordinal);
        Assert.False(File.Exists(FilePath + ".backup.new"));
    }

    private static Operation Begun(ResourceId id) => new()
    {
        Id = Guid.NewGuid().ToString("D"),
        ResourceId = id,
        Action = "Put",
        Location = "local1",
        Generation = 1,
        Status = OperationStatus.InProgress,
        Started = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private object? Run(string text)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = text;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
