using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Tests.Faults;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Daemon.Tests.Security;

/// <summary>What is secret in a request is in no answer and in no file that the daemon writes, whatever becomes of the request.</summary>
public sealed class SecretTests
{
    private const string Word = "Zq7-Secret-Word-91";
    private const string Shared = "Zq7SharedSignature91";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The secret as it is, and as custom data and user data carry it.</summary>
    private static readonly string[] Forms = [Word, Convert.ToBase64String(Encoding.UTF8.GetBytes(Word)), Shared, "b3BlbnNzaC1rZXktdjEAAAAA"];

    [Fact(Timeout = 120_000)]
    public async Task Send_RequestsWithSecrets_LeaveThemInNoAnswerAndNoFile()
    {
        using var home = new TemporaryFolder();
        var answers = new StringBuilder();
        string token;
        using (DaemonProcess daemon = await DaemonProcess.StartAsync(home.Path, Stop))
        {
            token = (await File.ReadAllTextAsync(daemon.FileOf("token"), Stop)).Trim();
            await FaultRoom.PrepareAsync(daemon);
            foreach ((string method, string path, JsonNode? body, HttpStatusCode expected) in Requests(daemon))
            {
                DaemonAnswer answer = await daemon.SendAsync(Stop, method, path, body?.ToJsonString());
                Assert.True(answer.Status == expected, $"{method} {path}: {(int)answer.Status} {answer.Body.ToJsonString()}");
                answers.AppendLine(answer.Body.ToJsonString());
                if (answer.OperationPath is { } operation)
                {
                    answers.AppendLine((await daemon.EndAsync(Stop, operation)).Body.ToJsonString());
                }
            }

            // What a process that ends in this way has written is looked at, too: the log of the database is still there.
            daemon.Kill();
            await daemon.WaitForExitAsync(Stop);
        }

        Assert.All(Forms, form => Assert.DoesNotContain(form, answers.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(token, answers.ToString(), StringComparison.Ordinal);
        AssertNowhere(home.Path, token);
        using (DaemonProcess again = await DaemonProcess.StartAsync(home.Path, Stop))
        {
            Assert.Equal(0, await again.StopAsync(Stop));
        }

        AssertNowhere(home.Path, token);
    }

    private static IEnumerable<(string Method, string Path, JsonNode? Body, HttpStatusCode Expected)> Requests(DaemonProcess daemon)
    {
        string machine = FaultRoom.PathOf(daemon, "virtualMachines", "web");
        yield return ("PUT", machine, Machine(daemon), HttpStatusCode.Created);
        yield return ("GET", machine + "?$expand=instanceView&api-version=1", null, HttpStatusCode.OK);
        JsonObject wrong = Machine(daemon);
        wrong["properties"]!["hardwareProfile"]!["vmSize"] = "Standard_None";
        yield return ("PUT", machine + "2", wrong, HttpStatusCode.BadRequest);
        yield return ("PATCH", machine, new JsonObject { ["properties"] = new JsonObject { ["osProfile"] = Profile() } }, HttpStatusCode.OK);
        yield return ("PUT", machine + "3", WithKey(daemon), HttpStatusCode.BadRequest);
        yield return ("POST", machine + "/restart", new JsonObject { ["adminPassword"] = Word }, HttpStatusCode.Accepted);
        yield return ("POST", machine + "/runCommand", new JsonObject { ["script"] = new JsonArray(Word) }, HttpStatusCode.Conflict);
        foreach (string uri in new[] { $"https://account.blob.core.windows.net/vhds/a.vhd?sv=1&sig={Shared}", $"https://user:{Word}@host/vhds/a.vhd", $"vhds/a.vhd?sig={Shared}", $"file:///tmp/a.vhd?sig={Shared}" })
        {
            var creation = new JsonObject { ["createOption"] = "Import", ["sourceUri"] = uri };
            yield return ("PUT", FaultRoom.PathOf(daemon, "disks", "imported"), Body(new JsonObject { ["creationData"] = creation }), HttpStatusCode.BadRequest);
            var disk = new JsonObject { ["osType"] = "Linux", ["osState"] = "Generalized", ["blobUri"] = uri };
            yield return ("PUT", FaultRoom.PathOf(daemon, "images", "imported"), Body(new JsonObject { ["storageProfile"] = new JsonObject { ["osDisk"] = disk } }), HttpStatusCode.BadRequest);
            JsonObject attached = Machine(daemon);
            attached["properties"]!["storageProfile"]!["osDisk"]!["name"] = "web4-os";
            attached["properties"]!["storageProfile"]!["dataDisks"] = new JsonArray(new JsonObject { ["lun"] = 1, ["createOption"] = "Attach", ["name"] = "d", ["vhd"] = new JsonObject { ["uri"] = uri } });
            yield return ("PUT", machine + "4", attached, HttpStatusCode.BadRequest);
        }

        JsonObject marked = FaultRoom.EmptyDisk();
        marked["adminPassword"] = Word;
        yield return ("PUT", FaultRoom.PathOf(daemon, "disks", "marked"), Body(marked), HttpStatusCode.Accepted);
        yield return ("GET", $"/subscriptions?sig={Shared}", null, HttpStatusCode.OK);
        yield return ("GET", $"{daemon.Subscription}/resourceGroups/none?access_token={Shared}", null, HttpStatusCode.NotFound);
    }

    private static JsonObject Body(JsonObject properties) => new() { ["location"] = "local1", ["properties"] = properties };

    private static JsonObject Machine(DaemonProcess daemon)
    {
        JsonObject properties = FaultRoom.Machine(daemon, "web-os");
        properties["osProfile"] = Profile();
        properties["userData"] = Forms[1];
        properties["extensionProfile"] = new JsonObject { ["protectedSettings"] = new JsonObject { ["commandToExecute"] = Word } };
        return Body(properties);
    }

    private static JsonObject Profile() => new()
    {
        ["computerName"] = "host",
        ["adminUsername"] = "azureuser",
        ["adminPassword"] = Word,
        ["AdminPassword"] = Word,
        ["customData"] = Forms[1],
        ["windowsConfiguration"] = new JsonObject
        {
            ["additionalUnattendContent"] = new JsonArray(new JsonObject { ["settingName"] = "AutoLogon", ["content"] = $"<Password><Value>{Word}</Value></Password>" }),
        },
    };

    private static JsonObject WithKey(DaemonProcess daemon)
    {
        JsonObject body = Machine(daemon);
        const string Key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
        body["properties"]!["osProfile"]!["linuxConfiguration"] = new JsonObject
        {
            ["ssh"] = new JsonObject { ["publicKeys"] = new JsonArray(new JsonObject { ["path"] = "/home/azureuser/.ssh/authorized_keys", ["keyData"] = Key }) },
        };
        return body;
    }

    private static void AssertNowhere(string home, string token)
    {
        foreach (string path in Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".vhd", StringComparison.Ordinal)))
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
            Assert.All(Forms, form => Assert.False(text.Contains(form, StringComparison.Ordinal), $"{path} holds {form}"));
            Assert.True(Path.GetFileName(path) == "token" || !text.Contains(token, StringComparison.Ordinal), $"{path} holds the token");
        }
    }
}
