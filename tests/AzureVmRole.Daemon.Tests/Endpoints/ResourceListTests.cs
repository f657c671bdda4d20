using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Endpoints;

/// <summary>What clients ask beside resources: lists with filters, tags, sizes, SKUs, providers.</summary>
public sealed class ResourceListTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task List_WithFilter_GivesWhatMatches()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeGroupAsync("other");
        await daemon.DoAsync("PUT", daemon.Path("disks", "alpha"), Room.EmptyDisk.Replace("\"location\"", "\"tags\":{\"Env\":\"Dev\"},\"location\"", StringComparison.Ordinal));
        await daemon.DoAsync("PUT", daemon.Path("disks", "beta", "other"), Room.EmptyDisk.Replace("local1", "local2", StringComparison.Ordinal));
        (string Filter, string Expected)[] cases =
        [
            ("", "beta alpha"),
            ("resourceType eq 'microsoft.compute/DISKS'", "beta alpha"),
            ("resourceType eq 'Microsoft.Compute/images' or name eq 'ALPHA'", "alpha"),
            ("location eq 'Local 2'", "beta"),
            ("resourceGroup eq 'RG1' and resourceType ne 'Microsoft.Compute/images'", "alpha"),
            ("tagName eq 'env' and tagValue eq 'Dev'", "alpha"),
            ("tagName eq 'env' and tagValue eq 'dev'", ""),
            ("substringof('ET', name)", "beta"),
            ("startswith(tagName, 'E')", "alpha"),
        ];
        foreach ((string filter, string expected) in cases)
        {
            RunningDaemon.Answer page = await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resources?$filter={Uri.EscapeDataString(filter)}");
            Assert.Equal((filter, expected), (filter, string.Join(' ', page.NamesOf().OrderDescending(StringComparer.Ordinal))));
        }

        foreach (string filter in (string[])["name", "name eq", "name eq 'a' and", "name gt 'a'", "size eq 'x'", "name eq 'a' name eq 'b'"])
        {
            Assert.Equal((filter, "InvalidParameter"), (filter, (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resources?$filter={Uri.EscapeDataString(filter)}")).Code));
        }

        JsonNode expanded = (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resourceGroups/rg1/resources?$expand=provisioningState,createdTime")).Body["value"]![0]!;
        Assert.Equal("Succeeded", expanded["provisioningState"]!.ToString());
        Assert.True(DateTimeOffset.TryParse(expanded["createdTime"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture, out _));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("tagName eq 'env'", "one two")]
    [InlineData("tagName eq 'ENV' and tagValue eq 'dev'", "one")]
    public async Task ListGroups_WithFilter_GivesWhatMatches(string filter, string expected)
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        foreach ((string name, string value) in ((string, string)[])[("one", "dev"), ("two", "prod")])
        {
            await daemon.DoAsync("PUT", $"{daemon.Subscription}/resourceGroups/{name}", $$$"""{"location":"local1","tags":{"env":"{{{value}}}"}}""");
        }

        await daemon.MakeGroupAsync("three");
        RunningDaemon.Answer page = await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/resourcegroups?$filter={Uri.EscapeDataString(filter)}");
        Assert.Equal(expected, string.Join(' ', page.NamesOf()));
    }

    [Fact(Timeout = 60_000)]
    public async Task Tags_AtScope_AreThoseOfTheResource()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        foreach (string scope in (string[])[$"{daemon.Subscription}/resourceGroups/rg1", daemon.Path("virtualMachines", "v"), daemon.Path("disks", "v-os")])
        {
            string tags = $"{scope}/providers/Microsoft.Resources/tags/default";
            await daemon.DoAsync("PUT", tags, """{"properties":{"tags":{"a":"1","b":"2"}}}""");
            await daemon.DoAsync("PATCH", tags, """{"operation":"Merge","properties":{"tags":{"A":"3","c":"4"}}}""");
            RunningDaemon.Answer changed = await daemon.DoAsync("PATCH", tags, """{"operation":"Delete","properties":{"tags":{"b":"2","c":"other"}}}""");
            Assert.Equal("""{"A":"3","c":"4"}""", changed.Body["properties"]!["tags"]!.ToJsonString());
            Assert.Equal(tags, changed.Body["id"]!.ToString());
            Assert.Equal("""{"A":"3","c":"4"}""", (await daemon.SendAsync(Stop, "GET", scope)).Body["tags"]!.ToJsonString());
            Assert.Equal("InvalidParameter", (await daemon.SendAsync(Stop, "PATCH", tags, """{"operation":"Add","properties":{"tags":{}}}""")).Code);
            await daemon.DoAsync("DELETE", tags);
            Assert.Equal("{}", (await daemon.SendAsync(Stop, "GET", tags)).Body["properties"]!["tags"]!.ToJsonString());
        }

        Assert.Equal(HttpStatusCode.NotFound, (await daemon.SendAsync(Stop, "GET", daemon.Path("disks", "none/providers/Microsoft.Resources/tags/default"))).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Get_WhatLocationsAndProvidersOffer_IsThere()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        string compute = $"{daemon.Subscription}/providers/Microsoft.Compute";
        RunningDaemon.Answer sizes = await daemon.SendAsync(Stop, "GET", $"{compute}/locations/local1/vmSizes");
        RunningDaemon.Answer skus = await daemon.SendAsync(Stop, "GET", $"{compute}/skus?$filter=location%20eq%20'local2'");
        JsonNode[] machines = [.. skus.Body["value"]!.AsArray().Where(sku => sku!["resourceType"]!.ToString() == "virtualMachines").Select(sku => sku!)];
        Assert.Equal(sizes.NamesOf(), machines.Select(sku => sku["name"]!.ToString()), StringComparer.Ordinal);
        Assert.All(machines, sku => Assert.Equal("local2", sku["locations"]![0]!.ToString()));
        JsonNode a1 = machines.Single(sku => sku["name"]!.ToString() == "Standard_A1");
        Assert.Contains(a1["capabilities"]!.AsArray(), item => item!["name"]!.ToString() == "MemoryGB" && item["value"]!.ToString() == "1.75");

        var all = new List<string>();
        for (string? next = $"{compute}/skus?$top=50"; next is not null;)
        {
            RunningDaemon.Answer page = await daemon.SendAsync(Stop, "GET", next);
            all.AddRange(page.NamesOf());
            next = page.Body["nextLink"]?.ToString();
        }

        Assert.Equal(2 * skus.NamesOf().Length, all.Count);
        JsonNode provider = (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/microsoft.compute")).Body;
        JsonNode disks = provider["resourceTypes"]!.AsArray().Single(type => type!["resourceType"]!.ToString() == "disks")!;
        Assert.Equal("""["local1","local2"]""", disks["locations"]!.ToJsonString());
        Assert.NotEmpty(disks["apiVersions"]!.AsArray());
        Assert.Equal("Registered", provider["registrationState"]!.ToString());
        Assert.Equal(
            provider["resourceTypes"]!.ToJsonString(), (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/resourceTypes")).Body["value"]!.ToJsonString());
        Assert.Contains(
            "Microsoft.Compute/virtualMachines/powerOff/action", (await daemon.SendAsync(Stop, "GET", "/providers/Microsoft.Compute/operations")).NamesOf(), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await daemon.SendAsync(Stop, "POST", $"{daemon.Subscription}/providers/Microsoft.Compute/register")).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task Get_UsagesAndParts_FollowTheMachines()
    {
        await using RunningDaemon daemon = await RunningDaemon.StartAsync(Stop);
        await daemon.MakeGroupAsync();
        await daemon.MakeMachineAsync("v");
        JsonNode usages = (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/locations/local1/usages")).Body["value"]!;
        Assert.Equal("cores 1, virtualMachines 1, disks 1", string.Join(", ", usages.AsArray().Select(usage => $"{usage!["name"]!["value"]} {usage["currentValue"]}")));
        Assert.Equal("""{"value":[]}""", (await daemon.SendAsync(Stop, "GET", daemon.Path("virtualMachines", "v/EXTENSIONS"))).Body.ToJsonString());
        JsonNode status = (await daemon.SendAsync(Stop, "GET", $"{daemon.Subscription}/providers/Microsoft.Compute/virtualMachines?statusOnly=true")).Body["value"]![0]!;
        Assert.Null(status["properties"]!["storageProfile"]);
        Assert.NotNull(status["properties"]!["instanceView"]);
        JsonNode expanded = (await daemon.SendAsync(Stop, "GET", daemon.Path("virtualMachines", "v?$expand=instanceView"))).Body;
        Assert.Equal(
            expanded["properties"]!["instanceView"]!.ToJsonString(), (await daemon.SendAsync(Stop, "GET", daemon.Path("virtualMachines", "v/instanceView"))).Body.ToJsonString());
        Assert.Null((await daemon.SendAsync(Stop, "GET", daemon.Path("virtualMachines", "v"))).Body["properties"]!["instanceView"]);
    }
}
