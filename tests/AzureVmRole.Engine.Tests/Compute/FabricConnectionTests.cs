using System.Net;
using Azure.ResourceManager.Compute;
using AzureVmRole.Engine.Compute;
using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;
using AzureVmRole.Engine.Compute.Instances;
using Xunit;

namespace AzureVmRole.Engine.Tests.Compute;

/// <summary>The way to the fabric, and what becomes of it when the other end does not do what it should.</summary>
public sealed class FabricConnectionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Connect_OtherCertificate_Refused()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        FabricNote note = FabricNote.Find(server.HomePath)!;
        string path = FabricNote.PathIn(server.HomePath);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Stop)).Replace(note.Thumbprint, new string('0', 64), StringComparison.OrdinalIgnoreCase), Stop);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => server.ConnectAsync(Stop));

        Assert.Equal(ErrorCode.FabricUnreachable, refusal.Code);
        Assert.Contains("certificate", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_TokenOfAnother_RefusedAndNotShown()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await server.ConnectAsync(Stop);
        string token = await File.ReadAllTextAsync(FabricNote.TokenPathIn(server.HomePath), Stop);
        await File.WriteAllTextAsync(FabricNote.TokenPathIn(server.HomePath), "another-token", Stop);

        FabricException refusal = await Assert.ThrowsAsync<FabricException>(() => VMInstances.ReadAsync(connection, null, "web1", Stop));

        Assert.Equal((ErrorCode.AuthenticationFailed, HttpStatusCode.Unauthorized), (refusal.Code, refusal.Status));
        Assert.DoesNotContain("another-token", refusal.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(FabricNote.TokenPathIn(server.HomePath), token, Stop);
        FabricException missing = await Assert.ThrowsAsync<FabricException>(() => VMInstances.ReadAsync(connection, null, "web1", Stop));
        Assert.Equal(ErrorCode.ResourceNotFound, missing.Code);
    }

    [Theory(Timeout = 60_000)]
    [InlineData(2, null)]
    [InlineData(int.MaxValue, ErrorCode.FabricBusy)]
    public async Task Read_TooManyRequests_TriedAgain(int times, ErrorCode? expected)
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        int refused = 0;
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, _ => Task.FromResult(
            ++refused <= times ? EdgeHandler.Json(HttpStatusCode.TooManyRequests, """{"error":{"code":"TooManyRequests","message":"Slower."}}""") : null)));

        FabricException answer = await Assert.ThrowsAsync<FabricException>(() => VMInstances.ReadAsync(connection, null, "web1", Stop));

        Assert.Equal((expected ?? ErrorCode.ResourceNotFound, 3), (answer.Code, refused));
    }

    [Fact(Timeout = 60_000)]
    public async Task Restart_FabricDiesInTheWait_SaysThatNothingAnswers()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop, TimeSpan.FromMinutes(5));
        using FabricConnection first = await server.ConnectAsync(Stop);
        await server.AddVhdAsync("vhds/server.vhd", "local1", Stop);
        await VMImages.AddAsync(
            first, new VMImageOptions { ImageName = "server", MediaLocation = "vhds/server.vhd", OS = OSKind.Linux, OSState = OSState.Specialized }, new OperationOptions(), Stop);
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, async request =>
        {
            if (request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.OrdinalIgnoreCase))
            {
                await server.KillAsync(Stop);
            }

            return null;
        }));

        FabricException failure = await Assert.ThrowsAsync<FabricException>(() => VMInstances.CreateAsync(
            connection, new VMInstanceOptions { Name = "web1", ImageName = "server" }, new OperationOptions(), Stop));

        Assert.Equal(ErrorCode.FabricUnreachable, failure.Code);
        Assert.Contains("Start-LocalFabric", failure.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Create_CancelledInTheWait_OperationGoesOnAndSaysSo()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop, TimeSpan.FromMinutes(5));
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, async request =>
        {
            if (request.RequestUri!.AbsolutePath.Contains("/operations/", StringComparison.OrdinalIgnoreCase))
            {
                await cancelling.CancelAsync();
            }

            return null;
        }));
        using FabricConnection other = await server.ConnectAsync(Stop);
        await server.AddInstancesAsync(other, Stop);
        var log = new RecordedLog();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VMInstances.CreateAsync(
            connection, new VMInstanceOptions { Name = "web1", ImageName = "server" }, new OperationOptions { Log = log }, cancelling.Token));

        Assert.Contains("the service goes on to create instance 'web1'", Assert.Single(log.Warnings), StringComparison.Ordinal);
        Assert.Equal("Creating", (await VMInstances.GetAsync(other, null, "web1", Stop)).ProvisioningState);
    }

    [Fact(Timeout = 60_000)]
    public async Task Renewed_FabricAtAnotherPlace_KeepsGroupAndLocation()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = await FabricConnection.ConnectLocalAsync(server.HomePath, "mine", "local2", Stop);
        Assert.Same(connection, connection.Renewed());
        string path = FabricNote.PathIn(server.HomePath);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Stop)).Replace($":{connection.State.Endpoint.Port}/", ":1/", StringComparison.Ordinal), Stop);

        using FabricConnection renewed = connection.Renewed();

        Assert.Equal((1, "mine", "local2"), (renewed.State.Endpoint.Port, renewed.State.ResourceGroupName, renewed.State.Location));
    }

    [Fact(Timeout = 60_000)]
    public async Task RollingUpgrade_AnswerWithoutId_IsRead()
    {
        await using FabricServer server = await FabricServer.StartAsync(Stop);
        using FabricConnection connection = server.Connect(inner => new EdgeHandler(inner, request => Task.FromResult<HttpResponseMessage?>(
            request.RequestUri!.AbsolutePath.EndsWith("/rollingUpgrades/latest", StringComparison.Ordinal)
                ? EdgeHandler.Json(HttpStatusCode.OK, """{"name":"latest","location":"local1","properties":{"runningStatus":{"code":"Completed"}}}""")
                : null)), asAzure: true);
        Azure.Core.ResourceIdentifier id = VirtualMachineScaleSetRollingUpgradeResource.CreateResourceIdentifier(connection.State.SubscriptionId, "azvmrole", "set1");

        VirtualMachineScaleSetRollingUpgradeResource found = await connection.Client.GetVirtualMachineScaleSetRollingUpgradeResource(id).GetAsync(Stop);

        Assert.EndsWith("/set1/rollingUpgrades/latest", found.Data.Id.ToString(), StringComparison.Ordinal);
    }
}
