using System.Net;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Instances;
using Xunit;

namespace AzureVmRole.Engine.Tests.Compute;

public sealed class InstanceCreationTests
{
    private const string NotFound = "{\"error\":{\"code\":\"ResourceNotFound\",\"message\":\"Not there yet.\"}}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Create_SomebodyElseMadeItMeanwhile_LeavesItAsItIs()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(connection, Stop, "web1");
        using FabricConnection late = server.Connect(inner => new EdgeHandler(inner, request => Task.FromResult(
            request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.EndsWith("/virtualMachines/web1", StringComparison.Ordinal)
                ? EdgeHandler.Json(HttpStatusCode.NotFound, NotFound)
                : null)));
        var options = new VMInstanceOptions { Name = "web1", ImageName = "server", Size = "Standard_B1s" };

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => VMInstances.CreateAsync(late, options, new OperationOptions(), Stop));

        Assert.Equal(ErrorCode.ResourceConflict, failure.Code);
        Assert.Equal("Standard_D8s_v5", (await VMInstances.GetAsync(connection, null, "web1", Stop)).Size);
    }
}
