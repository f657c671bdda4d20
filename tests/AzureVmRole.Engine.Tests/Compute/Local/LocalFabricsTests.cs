using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Local;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Engine.Tests.Compute.Local;

/// <summary>Fabrics that have their home folder without a note of where they answer, as while they start and end.</summary>
public sealed class LocalFabricsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Stop_FabricWithoutNoteDoesNotEnd_SaysWhichProcessItIs()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        int process = Assert.NotNull(FabricNote.Find(server.HomePath)?.ProcessId);
        File.Delete(FabricNote.PathIn(server.HomePath));
        var options = new LocalFabricOptions { HomePath = server.HomePath, Patience = TimeSpan.Zero };

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => LocalFabrics.StopAsync(options, Stop));

        Assert.Equal((ErrorCode.FabricUnreachable, server.HomePath), (failure.Code, failure.Target));
        Assert.Contains($"in use by process {process}, ", failure.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_FabricWithoutNoteEnds_WaitedFor()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        File.Delete(FabricNote.PathIn(server.HomePath));
        var log = new RecordedLog();

        Task<LocalFabricState> stopping = LocalFabrics.StopAsync(new LocalFabricOptions { HomePath = server.HomePath, Log = log }, Stop);

        Assert.False(stopping.IsCompleted);
        Assert.EndsWith("; it is waited for.", Assert.Single(log.Decisions), StringComparison.Ordinal);
        await server.KillAsync(Stop);
        Assert.Equal("Stopped", (await stopping).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_FabricWritesItsNoteMeanwhile_Stopped()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        int? process = FabricNote.Find(server.HomePath)?.ProcessId;
        string path = FabricNote.PathIn(server.HomePath);
        File.Move(path, path + ".later");

        Task<LocalFabricState> stopping = LocalFabrics.StopAsync(new LocalFabricOptions { HomePath = server.HomePath }, Stop);

        Assert.False(stopping.IsCompleted);
        File.Move(path + ".later", path);
        Assert.Equal("Stopped", (await stopping).Status);
        Assert.False(FabricProcess.IsRunning(process));
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_FabricWasKilled_Stopped()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        await server.KillAsync(Stop);

        Assert.Equal("Stopped", (await LocalFabrics.StopAsync(new LocalFabricOptions { HomePath = server.HomePath }, Stop)).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Stop_NobodyHasTheFolder_Stopped()
    {
        using var home = new TemporaryFolder();

        Assert.Equal("Stopped", (await LocalFabrics.StopAsync(new LocalFabricOptions { HomePath = home.Path }, Stop)).Status);
    }
}
