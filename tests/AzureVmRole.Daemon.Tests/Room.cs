using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Disks.Vhd;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Daemon.Tests;

/// <summary>Requests by hand against a daemon, and what they need: a group, VHDs in a location's store, operations followed to their ends.</summary>
internal static class Room
{
    public const long Mebibyte = 1L << 20;
    public const string Group = "rg1";
    public const string EmptyDisk = """{"location":"local1","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1,"osType":"Linux"}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The address of a resource.</summary>
    public static string Path(this RunningDaemon daemon, string type, string name, string group = Group) =>
        $"{daemon.Subscription}/resourceGroups/{group}/providers/Microsoft.Compute/{type}/{name}";

    /// <summary>Makes the resource group.</summary>
    public static async Task MakeGroupAsync(this RunningDaemon daemon, string name = Group) =>
        Assert.Equal(HttpStatusCode.Created, (await daemon.SendAsync(Stop, "PUT", $"{daemon.Subscription}/resourceGroups/{name}", """{"location":"local1"}""")).Status);

    /// <summary>Sends a request, follows what goes on to its end, and expects it to succeed.</summary>
    public static async Task<RunningDaemon.Answer> DoAsync(
        this RunningDaemon daemon, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        RunningDaemon.Answer answer = await daemon.SendAsync(Stop, method, path, body, headers);
        Assert.True((int)answer.Status < 300, $"{method} {path}: {answer.Status} {answer.Body}");
        string? next = answer.Headers.GetValueOrDefault("Azure-AsyncOperation");
        while (next is not null)
        {
            RunningDaemon.Answer status = await daemon.SendAsync(Stop, "GET", next);
            if (status.Body["status"]!.ToString() != "InProgress")
            {
                Assert.Equal("Succeeded", status.Body["status"]!.ToString());
                next = null;
            }
        }

        return answer;
    }

    /// <summary>Puts a fixed VHD, whose first bytes are recognised again, into a location's store as a page blob.</summary>
    /// <returns>Its address for <c>blobUri</c> and <c>sourceUri</c>.</returns>
    public static async Task<string> MakeVhdAsync(this RunningDaemon daemon, string blob, long size = 32 * Mebibyte, string location = "local1")
    {
        await using IBlobStore store = BlobStores.OpenStore(
            null, new StoreConnection { FolderPath = System.IO.Path.Combine(daemon.HomePath, "store", location) }, mayCreate: true);
        string[] parts = blob.Split('/', 2);
        var name = new BlobName(parts[0], parts[1]);
        await store.CreateContainerAsync(name.Container, Stop);
        await store.CreateAsync(name, size + 512, new Dictionary<string, string>(StringComparer.Ordinal), default, Stop);
        await store.WritePagesAsync(name, 0, Enumerable.Repeat((byte)7, 4096).ToArray(), default, Stop);
        await store.WritePagesAsync(name, size, FixedVhdFooter.Create(size, Guid.NewGuid(), DateTime.UnixEpoch.AddYears(50)).Bytes, default, Stop);
        return blob;
    }

    /// <summary>The file of a blob in a location's store.</summary>
    public static string FileOfBlob(this RunningDaemon daemon, string blob, string location = "local1") =>
        System.IO.Path.Combine([daemon.HomePath, "store", location, .. blob.Split('/')]);

    /// <summary>The names in a page.</summary>
    public static string[] NamesOf(this RunningDaemon.Answer page) => [.. page.Body["value"]!.AsArray().Select(item => item!["name"]!.ToString())];

    /// <summary>The body of a virtual machine whose OS disk exists.</summary>
    public static string MachineOn(this RunningDaemon daemon, string disk) => new JsonObject
    {
        ["location"] = "local1",
        ["properties"] = new JsonObject
        {
            ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_A1" },
            ["storageProfile"] = new JsonObject
            {
                ["osDisk"] = new JsonObject { ["createOption"] = "Attach", ["osType"] = "Linux", ["managedDisk"] = new JsonObject { ["id"] = daemon.Path("disks", disk) } },
            },
        },
    }.ToJsonString();

    /// <summary>Makes a running virtual machine on a new empty disk <c>NAME-os</c>.</summary>
    public static async Task MakeMachineAsync(this RunningDaemon daemon, string name)
    {
        await daemon.DoAsync("PUT", daemon.Path("disks", $"{name}-os"), EmptyDisk);
        await daemon.DoAsync("PUT", daemon.Path("virtualMachines", name), daemon.MachineOn($"{name}-os"));
    }
}
