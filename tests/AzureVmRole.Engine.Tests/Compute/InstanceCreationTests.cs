using System.Collections.Concurrent;
using System.Net;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Disks;
using AzureVmRole.Engine.Compute.Instances;
using Xunit;

namespace AzureVmRole.Engine.Tests.Compute;

public sealed class InstanceCreationTests
{
    private const string NotFound = "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"Not there yet.\"}}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Create_SomebodyElseMadeItMeanwhile_LeavesItAsItIs(bool asAzure)
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(connection, Stop, "web1");
        using FabricConnection late = server.Connect(inner => new EdgeHandler(inner, request => Task.FromResult(
            request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/virtualMachines/web1", StringComparison.Ordinal)
                ? EdgeHandler.Json(HttpStatusCode.NotFound, NotFound)
                : null)), asAzure);
        var options = new VMInstanceOptions { Name = "web1", ImageName = "server", Size = "Standard_B1s" };

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => VMInstances.CreateAsync(late, options, new OperationOptions(), Stop));

        Assert.Equal(ErrorCode.ResourceConflict, failure.Code);
        Assert.Equal("Standard_D8s_v5", (await VMInstances.GetAsync(connection, null, "web1", Stop)).Size);
    }

    [Fact(Timeout = 120_000)]
    public async Task Create_NameIsTaken_OneRequestTellsIt()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(connection, Stop, "web1");
        var requests = new ConcurrentQueue<string>();
        using FabricConnection counted = server.Connect(inner => new EdgeHandler(inner, request =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/virtualMachines/web1", StringComparison.Ordinal))
            {
                requests.Enqueue(request.Method.Method);
            }

            return Task.FromResult<HttpResponseMessage?>(null);
        }));
        var options = new VMInstanceOptions { Name = "web1", ImageName = "server", Size = "Standard_B1s" };

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => VMInstances.CreateAsync(counted, options, new OperationOptions(), Stop));

        Assert.Equal((ErrorCode.ResourceConflict, "web1"), (failure.Code, failure.Target));
        Assert.Equal("The instance 'web1' exists already in resource group 'azvmrole'.", failure.Message);
        Assert.Equal("PUT", Assert.Single(requests));
    }

    [Fact(Timeout = 120_000)]
    public async Task Add_NameIsTakenAndTheLocationIsAnother_TheNameIsTheReason()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        VMDisk disk = await server.AddDiskAsync(connection, "data", "local1", Stop);
        var options = new VMDiskOptions { DiskName = "data", MediaLocation = disk.MediaLink!.AbsoluteUri, Location = "local2" };

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => VMDisks.AddAsync(connection, options, new OperationOptions(), Stop));

        Assert.Equal(ErrorCode.ResourceConflict, failure.Code);
        Assert.Equal("The disk 'data' exists already in resource group 'azvmrole'.", failure.Message);
    }
}
