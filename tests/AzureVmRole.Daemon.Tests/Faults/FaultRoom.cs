using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Engine.Storage;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Faults;

/// <summary>Requests that the tests of faults send: a group, the master as an image, machines and disks of it.</summary>
internal static class FaultRoom
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The path of the group.</summary>
    public static string Group(DaemonProcess daemon) => $"{daemon.Subscription}/resourceGroups/g";

    /// <summary>The path of a resource in it.</summary>
    public static string PathOf(DaemonProcess daemon, string type, string name) => $"{Group(daemon)}/providers/Microsoft.Compute/{type}/{name}";

    /// <summary>Makes the group, uploads the master, and registers it as an image.</summary>
    public static async Task PrepareAsync(DaemonProcess daemon)
    {
        Assert.Equal(HttpStatusCode.Created, (await daemon.SendAsync(Stop, "PUT", Group(daemon), """{"location":"local1"}""")).Status);
        await using (IBlobStore store = OpenStore(daemon.HomePath))
        {
            await MasterVhd.UploadAsync(store, Stop);
        }

        var disk = new JsonObject { ["osType"] = "Linux", ["osState"] = "Generalized", ["blobUri"] = MasterVhd.BlobText };
        var image = new JsonObject { ["storageProfile"] = new JsonObject { ["osDisk"] = disk } };
        Succeeded(await PutAsync(daemon, "images", LoadPlan.Master, image));
    }

    public static IBlobStore OpenStore(string home) => BlobStores.OpenStore(null, new StoreConnection { FolderPath = Path.Combine(home, "store", "local1") });

    /// <summary>Asks for a resource, and waits for the end.</summary>
    /// <returns>The operation's end; the answer itself when nothing went on.</returns>
    public static Task<DaemonAnswer> PutAsync(DaemonProcess daemon, string type, string name, JsonObject properties) =>
        AskAsync(daemon, "PUT", PathOf(daemon, type, name), new JsonObject { ["location"] = "local1", ["properties"] = properties }.ToJsonString());

    /// <summary>Asks for something, and waits for the end.</summary>
    public static async Task<DaemonAnswer> AskAsync(DaemonProcess daemon, string method, string path, string? body = null)
    {
        DaemonAnswer answer = await daemon.SendAsync(Stop, method, path, body);
        return answer.OperationPath is { } operation ? await daemon.EndAsync(Stop, operation) : answer;
    }

    /// <summary>A machine of the image, with an OS disk of its own.</summary>
    public static JsonObject Machine(DaemonProcess daemon, string osDisk) => new()
    {
        ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_B2s" },
        ["storageProfile"] = new JsonObject
        {
            ["imageReference"] = new JsonObject { ["id"] = PathOf(daemon, "images", LoadPlan.Master) },
            ["osDisk"] = new JsonObject { ["createOption"] = "FromImage", ["name"] = osDisk },
        },
        ["osProfile"] = new JsonObject { ["computerName"] = "host", ["adminUsername"] = "azureuser", ["adminPassword"] = "Secret-Word-1" },
    };

    /// <summary>A disk of a size that is empty.</summary>
    public static JsonObject EmptyDisk() => new() { ["creationData"] = new JsonObject { ["createOption"] = "Empty" }, ["diskSizeGB"] = 1 };

    /// <summary>A disk that is a copy of the image.</summary>
    public static JsonObject DiskOfImage(DaemonProcess daemon) => new()
    {
        ["creationData"] = new JsonObject { ["createOption"] = "FromImage", ["imageReference"] = new JsonObject { ["id"] = PathOf(daemon, "images", LoadPlan.Master) } },
    };

    public static void Succeeded(DaemonAnswer answer) => Assert.True(
        answer.IsSuccess && (string?)answer.Body["status"] is null or "Succeeded", $"{(int)answer.Status} {answer.Body.ToJsonString()}");

    public static void Failed(string code, DaemonAnswer answer)
    {
        Assert.True(code == answer.Code, $"{code} expected: {(int)answer.Status} {answer.Body.ToJsonString()}");
        Assert.True(answer.Message.Length > 0);
    }
}
