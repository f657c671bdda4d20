using AzureVmRole.Disks.Files;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Operations;
using AzureVmRole.Fabric.Resources;
using AzureVmRole.Fabric.State;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests;

public sealed class LocalFabricTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog _log = new();

    private FabricHome Home => new(_folder.File("home"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_EmptyHome_HasGroupsStoresAndABackup()
    {
        await using (LocalFabric fabric = await OpenAsync())
        {
            IResourceRequests groups = fabric.Requests[ResourceType.ResourceGroups];
            await groups.PutAsync(TestParts.GroupId(), TestParts.Json("""{"location":"local2"}"""), TestParts.NoContext, Token);
            Assert.Equal("local2", (string?)groups.Read(TestParts.GroupId(), TestParts.NoContext)["location"]);
            Assert.Equal(["local1", "local2"], fabric.Locations, StringComparer.Ordinal);
        }

        Assert.True(Directory.Exists(Home.StorePath("local1")) && Directory.Exists(Home.StorePath("local2")));
        Assert.Empty(_log.Warnings);
        using var backup = FabricDatabase.Open(Home.BackupPath);
        Assert.NotNull(backup.Read(table => table.Find(TestParts.GroupId())));
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_LeftUnfinished_GoesOn()
    {
        string operationId;
        await using (await OpenAsync())
        {
        }

        using (var database = FabricDatabase.Open(Home.DatabasePath))
        {
            // What a fabric that was killed has left: an accepted deletion.
            operationId = database.Change(table =>
                new Acceptor(table, "Delete", null, TimeProvider.System.GetUtcNow()).Begin(TestParts.Resource(TestParts.GroupId(), ProvisioningState.Deleting)).OperationId);
        }

        await using LocalFabric fabric = await OpenAsync();
        Operation? ended = await fabric.Operations.WaitAsync(operationId, TimeSpan.FromMinutes(1), Token);

        Assert.Equal(OperationStatus.Succeeded, ended?.Status);
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_SecondOfOneHome_SaysWhoHasIt()
    {
        await using LocalFabric first = await OpenAsync();

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(OpenAsync);

        Assert.Equal(ErrorCode.FabricInUse, refusal.Code);
        Assert.Contains($"process {Environment.ProcessId} on '{Environment.MachineName}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_LockLeftByAKilledProcess_IsTaken()
    {
        Directory.CreateDirectory(Home.Folder);
        await File.WriteAllTextAsync(Home.LockPath, "", Token);
        await File.WriteAllTextAsync(Home.HolderPath, "{half", Token);
        using (var held = DiskFile.OpenWrite(Home.LockPath))
        {
            FabricException refusal = await Assert.ThrowsAsync<FabricException>(OpenAsync);
            Assert.Equal(ErrorCode.FabricInUse, refusal.Code);
        }

        await using (LocalFabric fabric = await OpenAsync())
        {
            Assert.Contains($"{Environment.ProcessId}", await File.ReadAllTextAsync(Home.HolderPath, Token), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Home.HolderPath));
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_Damaged_IsRefusedAndItsBackupAndLockAreAsBefore()
    {
        await using (await OpenAsync())
        {
        }

        byte[] backup = await File.ReadAllBytesAsync(Home.BackupPath, Token);
        await File.WriteAllTextAsync(Home.DatabasePath, new string('x', 8192), Token);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(OpenAsync);

        Assert.Equal(ErrorCode.FabricDamaged, refusal.Code);
        Assert.Equal(backup, await File.ReadAllBytesAsync(Home.BackupPath, Token));
        File.Move(Home.BackupPath, Home.DatabasePath, overwrite: true);
        await using LocalFabric restored = await OpenAsync();
        Assert.NotEmpty(restored.Requests);
    }

    [Fact]
    public async Task OpenAsync_OptionsWrong_SaysAllOfIt()
    {
        var options = new FabricOptions { HomePath = "relative", Locations = ["local1", "West US", "local1"], SubscriptionId = "x", HostsPerLocation = 0, Parallelism = 0, SimulatedLatency = TimeSpan.FromSeconds(-1) };

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => Task.Run(() => LocalFabric.OpenAsync(options, TimeProvider.System, _log, Token), Token));

        Assert.Equal(ErrorCode.RequestInvalid, refusal.Code);
        Assert.All(["relative", "West US", "twice", "SubscriptionId", "HostsPerLocation", "Parallelism", "SimulatedLatency"],
            part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_WithoutALocationThatHasResources_RefusedAndNothingLost()
    {
        Assert.True(ResourceId.TryParse($"{TestParts.GroupId().Text}/providers/Microsoft.Compute/disks/d1", out ResourceId? disk));
        await using (LocalFabric fabric = await OpenAsync())
        {
            await fabric.Requests[ResourceType.ResourceGroups].PutAsync(TestParts.GroupId(), TestParts.Json("""{"location":"local1"}"""), TestParts.NoContext, Token);
            await fabric.Requests[ResourceType.Disks].PutAsync(
                disk, TestParts.Json("""{"location":"local2","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}"""), TestParts.NoContext, Token);
        }

        var options = new FabricOptions { HomePath = Home.Root, Locations = ["west"] };
        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => LocalFabric.OpenAsync(options, TimeProvider.System, _log, Token));

        Assert.Equal(ErrorCode.RequestInvalid, refusal.Code);
        Assert.EndsWith("-Location west,local2.", refusal.RecommendedAction, StringComparison.Ordinal);
        await using LocalFabric again = await LocalFabric.OpenAsync(options with { Locations = ["west", "local2"] }, TimeProvider.System, _log, Token);
        Assert.NotNull(again.Requests[ResourceType.Disks].Read(disk, TestParts.NoContext));
    }

    [Fact(Timeout = 120_000)]
    public async Task OpenAsync_Folder_IsItsOwnersOnly()
    {
        await using LocalFabric fabric = await OpenAsync();

        Assert.True(OperatingSystem.IsWindows()
            || File.GetUnixFileMode(Home.Folder) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    private Task<LocalFabric> OpenAsync() => LocalFabric.OpenAsync(new FabricOptions { HomePath = Home.Root }, TimeProvider.System, _log, Token);
}
