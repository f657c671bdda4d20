using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using Xunit;

namespace AzureVmRole.Engine.Tests.Compute;

/// <summary>A change set: one request, on condition.</summary>
public sealed class InstanceUpdateTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Run_SomebodyElseIsFaster_BothChangesAreThere()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection other = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(other, Stop, "web1");
        VMInstance theirs = await VMInstances.GetAsync(other, null, "web1", Stop);
        theirs.Apply(NewDisk(1));
        int puts = 0;
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, async request =>
        {
            if (request.Method == HttpMethod.Put && ++puts == 1)
            {
                await InstanceUpdate.RunAsync(other, theirs, new OperationOptions(), Stop);
            }

            return null;
        }));
        VMInstance ours = await VMInstances.GetAsync(connection, null, "web1", Stop);
        ours.Apply(NewDisk(2));
        var log = new RecordedLog();

        VMInstance updated = await InstanceUpdate.RunAsync(connection, ours, new OperationOptions { Log = log }, Stop);

        Assert.Equal([1, 2], updated.DataDisks.Select(disk => disk.Lun));
        Assert.Equal(2, puts);
        Assert.Single(log.Decisions, text => text.Contains("Somebody else has changed 'web1'", StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Run_SomebodyElseTookTheLun_RefusedAndTheirsStays()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection other = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(other, Stop, "web1");
        VMInstance theirs = await VMInstances.GetAsync(other, null, "web1", Stop);
        theirs.Apply(NewDisk(1));
        VMInstance ours = await VMInstances.GetAsync(other, null, "web1", Stop);
        ours.Apply(NewDisk(1) with { DiskName = "ours" });
        await InstanceUpdate.RunAsync(other, theirs, new OperationOptions(), Stop);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => InstanceUpdate.RunAsync(other, ours, new OperationOptions(), Stop));

        Assert.Equal(ErrorCode.ResourceChanged, refusal.Code);
        Assert.Equal("disk1", Assert.Single((await VMInstances.GetAsync(other, null, "web1", Stop)).DataDisks).DiskName);
    }

    private static VMChange NewDisk(int lun) => new() { Kind = VMChangeKind.AddDataDisk, Lun = lun, DiskName = $"disk{lun}", SizeInGB = 1 };
}
