using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Arm;

/// <summary>What is on the wire between clients written by hand and the real fabric: names, statuses, headers, conditions, repeated requests.</summary>
public sealed class WireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task Send_AnySpelling_IsOneResourceWithTheFirstOne()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync("Rg1");
        await daemon.DoAsync(
            "PUT", $"/SUBSCRIPTIONS/{daemon.Subscription.Split('/')[^1].ToUpperInvariant()}/resourcegroups/rG1/PROVIDERS/microsoft.COMPUTE/DISKS/Data1",
            Room.EmptyDisk.Replace("\"local1\"", "\"Local 1\"", StringComparison.Ordinal));

        RunningDaemon.Answer found = await daemon.SendAsync(Stop, "GET", daemon.Path("disks", "dATA1", "RG1"));
        Assert.Equal(daemon.Path("disks", "Data1", "Rg1"), found.Body["id"]!.ToString());
        Assert.Equal(
            ("Data1", "Microsoft.Compute/disks", "local1"), (found.Body["name"]!.ToString(), found.Body["type"]!.ToString(), found.Body["location"]!.ToString()));
        Assert.Equal("Data1", Assert.Single((await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/microsoft.compute/DISKS")).NamesOf()));
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/locations/Local%201/vmSizes")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_AnyVersionAndUnknownFields_AreAccepted()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        foreach (string version in (string[])["2016-04-30-preview", "2031-01-01", "latest"])
        {
            Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resourceGroups?api-version={version}")).Status);
        }

        string body = Room.EmptyDisk.Replace("\"osType\"", "\"futureField\":{\"a\":[1]},\"osType\"", StringComparison.Ordinal);
        RunningDaemon.Answer made = await daemon.DoAsync("PUT", daemon.Path("disks", "d"), body);
        Assert.Equal("""{"a":[1]}""", made.Body["properties"]!["futureField"]!.ToJsonString());
        Assert.Equal("MissingApiVersionParameter", (await daemon.SendAsync(Stop, "GET", "/subscriptions?api-version=")).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_MembersInAnySpelling_AreRead()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.DoAsync("PUT", $"{daemon.Subscription}/resourceGroups/rg1", """{"Location":"LOCAL1","TAGS":{"Name":"1","Id":"2"}}""");
        RunningDaemon.Answer group = await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resourceGroups/rg1");
        Assert.Equal("""{"Name":"1","Id":"2"}""", group.Body["tags"]!.ToJsonString());
        await daemon.DoAsync("PUT", daemon.Path("disks", "d"), """{"Location":"local1","Properties":{"CreationData":{"CreateOption":"empty"},"DiskSizeGb":1,"OSType":"linux"},"Other":1}""");
        await daemon.DoAsync(
            "PUT", daemon.Path("virtualMachines", "v"),
            daemon.MachineOn("d").Replace("vmSize", "VMSize", StringComparison.Ordinal).Replace("osDisk", "OSDisk", StringComparison.Ordinal).Replace("managedDisk", "ManagedDisk", StringComparison.Ordinal));
        RunningDaemon.Answer machine = await daemon.SendAsync(Stop, "GET", daemon.Path("virtualMachines", "v"));
        Assert.Equal("Standard_A1", machine.Body["properties"]!["hardwareProfile"]!["vmSize"]!.ToString());
        JsonNode disk = (await daemon.SendAsync(Stop, "GET", daemon.Path("disks", "d"))).Body;
        Assert.Equal(
            ("Linux", "Empty", "1"), (disk["properties"]!["osType"]!.ToString(), disk["properties"]!["creationData"]!["createOption"]!.ToString(), disk["Other"]!.ToString()));
        await daemon.DoAsync("PUT", daemon.Path("disks", "p"), Room.EmptyDisk.Replace("\"properties\"", "\"sku\":{\"Name\":\"premium_lrs\"},\"properties\"", StringComparison.Ordinal));
        Assert.Equal("""{"name":"Premium_LRS","tier":"Premium"}""", (await daemon.SendAsync(Stop, "GET", daemon.Path("disks", "p"))).Body["sku"]!.ToJsonString());
        RunningDaemon.Answer wrong = await daemon.SendAsync(Stop, "PUT", daemon.Path("disks", "e"), Room.EmptyDisk.Replace("Linux", "BeOS", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidParameter"), (wrong.Status, wrong.Code));
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_OfEachType_HasTheStatusesThatClientsAccept()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string group = $"{daemon.Subscription}/resourceGroups/rg1";
        string vhd = await daemon.MakeVhdAsync("vhds/base.vhd");
        await daemon.MakeGroupAsync();
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "PUT", group, """{"location":"local1","tags":{"a":"b"}}""")).Status);

        string image = $$$$$$"""{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","blobUri":"{{{{{{vhd}}}}}}"}}}}""";
        string snapshot = $$$$"""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{daemon.Path("disks", "d")}}}}"}}}""";
        (string Type, string Name, string Body, HttpStatusCode First, HttpStatusCode Again)[] cases =
        [
            ("images", "i", image, HttpStatusCode.Created, HttpStatusCode.OK),
            ("disks", "d", Room.EmptyDisk, HttpStatusCode.Accepted, HttpStatusCode.OK),
            ("snapshots", "s", snapshot, HttpStatusCode.Accepted, HttpStatusCode.OK),
            ("virtualMachines", "v", daemon.MachineOn("d"), HttpStatusCode.Created, HttpStatusCode.OK),
        ];
        foreach ((string type, string name, string body, HttpStatusCode first, HttpStatusCode again) in cases)
        {
            RunningDaemon.Answer made = await daemon.DoAsync("PUT", daemon.Path(type, name), body);
            Assert.Equal((type, first, "1", false), (type, made.Status, made.Headers.GetValueOrDefault("Retry-After"), made.Headers.ContainsKey("Location")));
            Assert.Equal((type, "Creating"), (type, made.Body["properties"]!["provisioningState"]!.ToString()));
            Assert.StartsWith($"{daemon.Daemon.Endpoint}subscriptions/", made.Headers["Azure-AsyncOperation"], StringComparison.Ordinal);
            Assert.Equal((type, again), (type, (await daemon.DoAsync("PUT", daemon.Path(type, name), body)).Status));
            Assert.Equal((type, HttpStatusCode.OK), (type, (await daemon.SendAsync(Stop, "PATCH", daemon.Path(type, name), """{"tags":{"k":"v"}}""")).Status));
            RunningDaemon.Answer found = await daemon.SendAsync(Stop, "GET", daemon.Path(type, name));
            Assert.Equal((type, "Succeeded", "v"), (type, found.Body["properties"]!["provisioningState"]!.ToString(), found.Body["tags"]!["k"]!.ToString()));
            Assert.Equal((type, HttpStatusCode.NoContent), (type, (await daemon.SendAsync(Stop, "HEAD", daemon.Path(type, name))).Status));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Delete_OfEachType_IsFollowedAndThenNothing()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        foreach ((string type, string name) in ((string, string)[])[("virtualMachines", "v"), ("disks", "v-os")])
        {
            RunningDaemon.Answer begun = await daemon.DoAsync("DELETE", daemon.Path(type, name));
            Assert.Equal((HttpStatusCode.Accepted, "1"), (begun.Status, begun.Headers["Retry-After"]));
            Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", begun.Headers["Location"])).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await daemon.SendAsync(Stop, "DELETE", daemon.Path(type, name))).Status);
        }

        RunningDaemon.Answer group = await daemon.SendAsync(Stop, "DELETE", $"{daemon.Subscription}/resourceGroups/rg1");
        Assert.Equal((HttpStatusCode.Accepted, false), (group.Status, group.Headers.ContainsKey("Azure-AsyncOperation")));
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "GET", group.Headers["Location"])).Status);
        Assert.Equal("ResourceGroupNotFound", (await daemon.SendAsync(Stop, "DELETE", $"{daemon.Subscription}/resourceGroups/rg1")).Code);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_WhatIsNotThere_IsNamedAsAzureDoes()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        string elsewhere = daemon.Path("disks", "d", "nowhere");
        string group = $"{daemon.Subscription}/resourceGroups/rg1";
        (string Method, string Path, HttpStatusCode Status, string Code)[] cases =
        [
            ("GET", "/subscriptions/none", HttpStatusCode.BadRequest, "InvalidSubscriptionId"),
            ("GET", "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups", HttpStatusCode.NotFound, "SubscriptionNotFound"),
            ("GET", $"{daemon.Subscription}/resourceGroups/nowhere", HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("PATCH", $"{daemon.Subscription}/resourceGroups/nowhere", HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("GET", $"{daemon.Subscription}/resourceGroups/nowhere/resources", HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("GET", $"{daemon.Subscription}/resourceGroups/nowhere/providers/Microsoft.Compute/disks", HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("GET", elsewhere, HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("PUT", elsewhere, HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("PATCH", elsewhere, HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("DELETE", elsewhere, HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("POST", $"{elsewhere}/beginGetAccess", HttpStatusCode.NotFound, "ResourceGroupNotFound"),
            ("GET", daemon.Path("disks", "none"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("PATCH", daemon.Path("disks", "none"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("PATCH", daemon.Path("snapshots", "none"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("PATCH", daemon.Path("images", "none"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("PATCH", daemon.Path("virtualMachines", "none"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("POST", daemon.Path("virtualMachines", "none/start"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("GET", daemon.Path("virtualMachines", "none/instanceView"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("GET", daemon.Path("virtualMachines", "none/extensions"), HttpStatusCode.NotFound, "ResourceNotFound"),
            ("PUT", daemon.Path("virtualMachines", "v/extensions/script"), HttpStatusCode.NotFound, "InvalidResourceType"),
            ("GET", daemon.Path("availabilitySets", "a"), HttpStatusCode.NotFound, "InvalidResourceType"),
            ("GET", $"{group}/providers/Microsoft.Network/networkInterfaces/n", HttpStatusCode.NotFound, "InvalidResourceNamespace"),
            ("GET", $"{daemon.Subscription}/providers/Microsoft.Network", HttpStatusCode.NotFound, "InvalidResourceNamespace"),
            ("PUT", $"{daemon.Subscription}/resourceGroups/a.", HttpStatusCode.BadRequest, "InvalidResourceGroup"),
            ("PUT", $"{daemon.Subscription}/resourceGroups/a%20b", HttpStatusCode.BadRequest, "InvalidResourceGroup"),
            ("POST", group, HttpStatusCode.MethodNotAllowed, "MethodNotAllowed"),
            ("POST", daemon.Path("disks", "d"), HttpStatusCode.MethodNotAllowed, "MethodNotAllowed"),
            ("PUT", daemon.Path("virtualMachines", "v/start"), HttpStatusCode.MethodNotAllowed, "MethodNotAllowed"),
            ("POST", daemon.Path("virtualMachines", "v/runCommand"), HttpStatusCode.Conflict, "OperationNotAllowed"),
            ("POST", daemon.Path("virtualMachines", "v/convertToManagedDisks"), HttpStatusCode.Conflict, "OperationNotAllowed"),
            ("POST", daemon.Path("virtualMachines", "v/simulateEviction"), HttpStatusCode.Conflict, "OperationNotAllowed"),
            ("DELETE", daemon.Path("disks", "v-os"), HttpStatusCode.Conflict, "OperationNotAllowed"),
        ];
        foreach ((string method, string path, HttpStatusCode status, string code) in cases)
        {
            RunningDaemon.Answer answer = await daemon.SendAsync(Stop, method, path, method is "PUT" or "PATCH" ? """{"location":"local1"}""" : null);
            Assert.Equal((method, path, status, code), (method, path, answer.Status, answer.Code));
            Assert.False(string.IsNullOrEmpty(answer.Body["error"]!["message"]!.ToString()));
            Assert.IsType<JsonArray>(answer.Body["error"]!["details"]);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Put_WithConditions_IsRefusedUnlessTheyHold()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        foreach (string path in (string[])[daemon.Path("disks", "v-os"), daemon.Path("virtualMachines", "v")])
        {
            string before = (await daemon.SendAsync(Stop, "GET", path)).Headers["ETag"];
            const string Change = """{"tags":{"k":"v"}}""";
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await daemon.SendAsync(Stop, "PUT", path, Room.EmptyDisk, ("If-None-Match", "*"))).Status);
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await daemon.SendAsync(Stop, "PATCH", path, Change, ("If-Match", "\"other\""))).Status);
            Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "PATCH", path, Change, ("If-Match", $"\"other\", W/{before}"))).Status);
            RunningDaemon.Answer late = await daemon.SendAsync(Stop, "PATCH", path, Change, ("If-Match", before));
            Assert.Equal((HttpStatusCode.PreconditionFailed, "PreconditionFailed"), (late.Status, late.Code));
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await daemon.SendAsync(Stop, "DELETE", path, null, ("If-Match", before))).Status);
        }

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await daemon.SendAsync(Stop, "PATCH", daemon.Path("disks", "none"), "{}", ("If-Match", "*"))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await daemon.SendAsync(Stop, "PUT", daemon.Path("disks", "new"), Room.EmptyDisk, ("If-None-Match", "*"))).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_RepeatedWithItsId_IsDoneOnceAndAnotherBodyIsNot()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        (string, string) id = ("x-ms-client-request-id", "0aa3f3e7-7a49-4c60-9f3c-6f4f8f4b6f10");
        string start = daemon.Path("virtualMachines", "v/restart");
        RunningDaemon.Answer first = await daemon.DoAsync("POST", start, null, id);
        RunningDaemon.Answer again = await daemon.DoAsync("POST", start, null, id);
        Assert.Equal((first.Status, first.Headers["Azure-AsyncOperation"], first.Headers["Location"]), (again.Status, again.Headers["Azure-AsyncOperation"], again.Headers["Location"]));

        string disk = daemon.Path("disks", "v-os");
        await daemon.DoAsync("PATCH", disk, """{"tags":{"k":"1"}}""", id);
        await daemon.DoAsync("PATCH", disk, """{"tags":{"k":"2"}}""", id);
        Assert.Equal("2", (await daemon.SendAsync(Stop, "GET", disk)).Body["tags"]!["k"]!.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Send_IdsOfTheClient_ComeBack()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        RunningDaemon.Answer answer = await daemon.SendAsync(
            Stop, "GET", "/subscriptions", null, ("x-ms-client-request-id", "mine"), ("x-ms-return-client-request-id", "True"), ("x-ms-correlation-request-id", "all"));
        Assert.Equal(("mine", "all"), (answer.Headers["x-ms-client-request-id"], answer.Headers["x-ms-correlation-request-id"]));
        Assert.True(Guid.TryParse(answer.Headers["x-ms-request-id"], out _));
        RunningDaemon.Answer plain = await daemon.SendAsync(Stop, "GET", "/subscriptions", null, ("x-ms-client-request-id", "mine"));
        Assert.False(plain.Headers.ContainsKey("x-ms-client-request-id"));
        Assert.Equal(plain.Headers["x-ms-request-id"], plain.Headers["x-ms-correlation-request-id"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task List_InPages_GivesEverythingOnceAndNoEmptyPage()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("a");
        await daemon.MakeMachineAsync("b");
        (string Path, string Expected)[] cases =
        [
            ($"{daemon.Subscription}/resources?$top=1", "a-os b-os a b"),
            ($"{daemon.Subscription}/resourceGroups/RG1/resources?$top=2", "a-os b-os a b"),
            ($"{daemon.Subscription}/providers/Microsoft.Compute/virtualMachines?$top=1", "a b"),
            ($"{daemon.Subscription}/resourceGroups/rg1/providers/Microsoft.Compute/disks?$top=2", "a-os b-os"),
            ($"{daemon.Subscription}/resourceGroups?$top=1", "rg1"),
        ];
        foreach ((string path, string expected) in cases)
        {
            var names = new List<string>();
            string? next = path;
            while (next is not null)
            {
                RunningDaemon.Answer page = await daemon.SendAsync(Stop, "GET", next);
                names.AddRange(page.NamesOf());
                Assert.True(names.Count == 0 || page.NamesOf().Length > 0, path);
                next = page.Body["nextLink"]?.ToString();
            }

            Assert.Equal((path, expected), (path, string.Join(' ', names)));
        }

        RunningDaemon.Answer bad = await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/disks?$skipToken=%25");
        Assert.Equal((HttpStatusCode.BadRequest, "InvalidParameter"), (bad.Status, bad.Code));
    }
}
