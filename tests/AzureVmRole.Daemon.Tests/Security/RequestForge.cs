using System.Globalization;
using System.Text.Json.Nodes;

namespace AzureVmRole.Daemon.Tests.Security;

/// <summary>
/// Takes right requests of every route and changes them where it hurts: the method, a part of the path, a header, a value of the body, its text. From a
/// seed, the same ones each time.
/// </summary>
/// <param name="seed">What chance starts from.</param>
/// <param name="subscription">The path of the subscription.</param>
/// <param name="home">The home folder, for addresses that lead out of its stores.</param>
internal sealed class RequestForge(int seed, string subscription, string home)
{
    private static readonly string[] Methods = ["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS", "get", "PROPFIND"];

    private static readonly string[] Actions =
        ["start", "powerOff", "restart", "deallocate", "redeploy", "reimage", "reapply", "generalize", "capture", "runCommand", "beginGetAccess", "endGetAccess", "none"];

    private static readonly string[] EvilParts =
    [
        "..", ".", "%2e%2e", "%2E%2e%2f", "..%2f..%2f..%2fforged-escape", "..%5c..%5cforged-escape", "%252e%252e%252f", "%00", "a%00b", "%0d%0aSet-Cookie:%20x", "%ff", "%c0%af",
        "vm.", "vm%20", "-vm", "_vm", "CON", "NUL.vhd", "vm%ef%bc%8e%ef%bc%8e", "v%d0%bc1", "%e2%80%ae", "~", "$(id)", "`id`", "%7b%7b7*7%7d%7d", "'%20OR%201=1--", "", "%F0%9F%92%A9",
    ];

    private static readonly string[] EvilNames = ["__proto__", "fabric", "managedBy", "id", "", "$schema", "PROPERTIES", "\\u0000", "a.b", "a/b", "provisioningState"];

    private static readonly string[] Queries =
    [
        "$top=-1", "$top=99999999999999999999", "$top=1", "$skiptoken=", "$skiptoken=%00", "$skiptoken=Li4vLi4v", "$filter=resourceType%20eq%20'x", "$filter=tagName%20eq%20''''",
        "$filter=" + "(((((((((((((((((((((((((((((((((((((((", "$expand=instanceView", "$expand=%00", "deleteVhd=maybe", "deleteVhd=true", "statusOnly=true", "monitor=true", "api-version=%00", "a=b=c&&&", "%ff=%ff",
        "skipShutdown=true", "forceDeletion=true",
    ];

    private readonly Random _random = new(seed);

    private string Group => $"{subscription}/resourceGroups/g";

    /// <summary>The next request.</summary>
    public ForgedRequest Next()
    {
        ForgedRequest request = Right();
        for (int count = _random.Next(4); count > 0; count--)
        {
            request = Change(request);
        }

        return request;
    }

    /// <summary>A right request, for resources of a few names: they are made, changed and deleted all the time.</summary>
    private ForgedRequest Right()
    {
        string machine = Of("virtualMachines", $"vm{_random.Next(4)}");
        string disk = Of("disks", $"disk{_random.Next(4)}");
        string snapshot = Of("snapshots", $"snap{_random.Next(2)}");
        string image = Of("images", Pick(["master", "image0", "image1"]));
        return _random.Next(18) switch
        {
            0 => new("PUT", $"{Group}{Pick(["", "2"])}", """{"location":"local1","tags":{"a":"b"}}"""),
            1 => new("PUT", machine, Machine().ToJsonString()),
            2 => new("PUT", machine, Machine().ToJsonString()),
            3 => new("PATCH", machine, """{"tags":{"a":"c"},"properties":{"storageProfile":{"osDisk":{"caching":"ReadOnly"}}}}"""),
            4 => new("PATCH", machine, $$"""{"properties":{"storageProfile":{"dataDisks":[{"lun":1,"createOption":"Attach","managedDisk":{"id":"{{disk}}"} }]} } }"""),
            5 => new("POST", $"{machine}/{Pick(Actions)}", _random.Next(2) == 0 ? null : """{"vhdPrefix":"p","destinationContainerName":"c","overwriteVhds":true}"""),
            6 => new("PUT", disk, """{"location":"local1","sku":{"name":"Standard_LRS"},"properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":1}}"""),
            7 => new("PUT", disk, $$"""{"location":"local1","properties":{"creationData":{"createOption":"FromImage","imageReference":{"id":"{{Of("images", "master")}}"} } } }"""),
            8 => new("PUT", disk, """{"location":"local1","properties":{"creationData":{"createOption":"Import","sourceUri":"vhds/data.vhd"}}}"""),
            9 => new("PATCH", disk, """{"tags":{"x":"y"},"properties":{"diskSizeGB":2}}"""),
            10 => new("POST", $"{Pick([disk, snapshot])}/{Pick(["beginGetAccess", "endGetAccess"])}", """{"access":"Read","durationInSeconds":300}"""),
            11 => new("PUT", snapshot, $$"""{"location":"local1","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{disk}}"} } }"""),
            12 => new("PUT", image, """{"location":"local1","properties":{"storageProfile":{"osDisk":{"osType":"Linux","osState":"Generalized","blobUri":"vhds/data.vhd"}}}}"""),
            13 => new("PUT", image, $$"""{"location":"local1","properties":{"sourceVirtualMachine":{"id":"{{machine}}"} } }"""),
            14 => new("DELETE", Pick([machine, disk, snapshot, Of("images", "image0")])),
            15 => new("GET", Pick([machine, disk, snapshot, image, Group, machine + "/instanceView", machine + "/vmSizes"])),
            16 => new("GET", Lists()),
            _ => new("POST", $"{subscription}/providers/Microsoft.Compute/register"),
        };
    }

    private string Of(string type, string name) => $"{Group}/providers/Microsoft.Compute/{type}/{name}";

    private string Lists() => Pick(
    [
        "/subscriptions", subscription, subscription + "/locations", subscription + "/resources", Group + "/resources", subscription + "/resourceGroups", "/providers", "/tenants",
        subscription + "/providers/Microsoft.Compute", subscription + "/providers/Microsoft.Compute/virtualMachines", Of("disks", "")[..^1],
        subscription + "/providers/Microsoft.Compute/locations/local1/vmSizes", subscription + "/providers/Microsoft.Compute/locations/local1/usages",
        subscription + "/providers/Microsoft.Compute/locations/local1/operations/" + Guid.Empty.ToString("D"), "/fabric/health",
    ]);

    private JsonObject Machine() => new()
    {
        ["location"] = "local1",
        ["tags"] = new JsonObject { ["role"] = "web" },
        ["properties"] = new JsonObject
        {
            ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_B2s" },
            ["storageProfile"] = new JsonObject
            {
                ["imageReference"] = new JsonObject { ["id"] = Of("images", "master") },
                ["osDisk"] = new JsonObject { ["createOption"] = "FromImage", ["caching"] = "ReadWrite", ["deleteOption"] = "Delete", ["diskSizeGB"] = 1 },
                ["dataDisks"] = new JsonArray(new JsonObject { ["lun"] = 0, ["createOption"] = "Empty", ["diskSizeGB"] = 1, ["caching"] = "None", ["deleteOption"] = "Delete" }),
            },
            ["osProfile"] = new JsonObject
            {
                ["computerName"] = "host", ["adminUsername"] = "azureuser", ["adminPassword"] = "Secret-Word-1",
                ["linuxConfiguration"] = new JsonObject { ["disablePasswordAuthentication"] = false },
            },
            ["networkProfile"] = new JsonObject { ["networkInterfaces"] = new JsonArray(new JsonObject { ["id"] = "/x" }) },
        },
    };

    private ForgedRequest Change(ForgedRequest request) => _random.Next(10) switch
    {
        0 => request with { Method = Pick(Methods) },
        < 3 => request with { Path = ChangePath(request.Path) },
        3 => request with { Path = $"{request.Path}{(request.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Pick(Queries)}" },
        4 => request with { Header = ChangeHeader() },
        5 when _random.Next(3) == 0 => request with { ContentType = Pick(["text/plain", "application/xml", "application/json; charset=utf-16", "multipart/form-data; boundary=x", "x/y+json"]) },
        _ when request.Body is { } body => request with { Body = ChangeBody(body) },
        _ => request with { Body = Pick(["", "{}", "[]", "null", "{\"a\":1}"]) },
    };

    private (string, string) ChangeHeader() => (
        Pick(["If-Match", "If-None-Match", "x-ms-client-request-id", "x-ms-correlation-request-id", "Accept", "Range", "X-HTTP-Method-Override", "Cookie", "Accept-Encoding", "Expect"]),
        Pick(["*", "\"1\"", "W/\"1\"", "same", new string('y', 300), "DELETE", "a,b;c=\"d", "bytes=0-9999999", "100-continue"]));

    private string ChangePath(string path)
    {
        string[] halves = path.Split('?', 2);
        List<string> parts = halves[0].Split('/').ToList();
        int place = _random.Next(1, parts.Count);
        switch (_random.Next(5))
        {
            case 0:
                parts[place] = Pick(EvilParts);
                break;
            case 1:
                parts.Insert(place, Pick(EvilParts));
                break;
            case 2 when parts.Count > 2:
                parts.RemoveAt(place);
                break;
            case 3:
                parts[place] = _random.Next(2) == 0 ? parts[place].ToUpperInvariant() : parts[place] + new string('x', _random.Next(1, 400));
                break;
            default:
                parts[place] += Pick(["%2f..", "%5c", "%00", ".", "%20", "%e2%80%8b", ";a=b", "%3f", "%23"]);
                break;
        }

        return string.Join('?', [string.Join('/', parts), .. halves[1..]]);
    }

    private string ChangeBody(string body)
    {
        try
        {
            if (_random.Next(5) > 0 && JsonNode.Parse(body) is JsonObject document)
            {
                return ChangeNode(document);
            }
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException or ArgumentException)
        {
            // It was changed as text before.
        }

        return ChangeText(body);
    }

    private string ChangeNode(JsonObject document)
    {
        JsonObject place = document;
        while (_random.Next(4) > 0 && place.Select(member => member.Value).OfType<JsonObject>().ToList() is { Count: > 0 } inner)
        {
            place = inner[_random.Next(inner.Count)];
        }

        if (place.Count == 0)
        {
            return document.ToJsonString();
        }

        string name = place.ElementAt(_random.Next(place.Count)).Key;
        switch (_random.Next(6))
        {
            case 0:
                place.Remove(name);
                return document.ToJsonString();
            case 1:
                place[Pick(EvilNames)] = place[name]?.DeepClone();
                return document.ToJsonString();
            case 2:
                place[name] = new JsonArray(place[name]?.DeepClone());
                return document.ToJsonString();
            default:
                // As text: not every value can be a node.
                place[name] = "@@";
                return document.ToJsonString().Replace("\"@@\"", Value(), StringComparison.Ordinal);
        }
    }

    private string Value() => _random.Next(4) switch
    {
        0 => Pick(["null", "true", "false", "0", "-1", "1", "64", "1.5", "1e308", "1e400", "-0", "99999999999999999999999999", "2147483648", "9223372036854775807", "NaN", "Infinity", "01", "0x1"]),
        1 => Pick(["[]", "{}", "[[]]", "[null]", "[{}]", "[1,\"a\",null,{}]", "{\"id\":null}", "{\"id\":[]}", "{\"\":{}}", new string('[', 200) + new string(']', 200), new string('[', 60) + new string(']', 60)]),
        2 => "\"" + Pick(
        [
            "../../forged-escape.vhd", "/tmp/forged-escape.vhd", "vhds/../../../forged-escape.vhd", "vhds/%2e%2e/%2e%2e/forged-escape.vhd", "vhds\\\\..\\\\forged-escape.vhd", "file:///tmp/forged-escape.vhd",
            $"file://{home}/store/local2/vhds/a.vhd", $"file://{home}/store/local1/../../forged-escape.vhd", $"file://{home}/fabric/token", $"file://{home}/store/local1/.azvmrole/store.db",
            "https://evil.example/vhds/a.vhd?sig=x", "vhds/link.vhd", "linked/a.vhd", "vhds/a\\u0000.vhd", "vhds/" + new string('n', 2000), "vhds/a.vhd.", "vhds/a.vhd ", "vhds/\\uff0e\\uff0e/a.vhd", "VHDS/data.vhd", "$root/a.vhd",
        ]) + "\"",
        _ => "\"" + Pick(
        [
            "", " ", "\\u0000", "\\ud800", "\\udfff\\ud800", "\\u202e", "local1", "local2", "LOCAL1", "nowhere", "Standard_B2s", "Empty", "Copy", "Attach", "Delete", "ReadOnly", "Specialized", "Windows",
            Of("disks", "disk0"), Of("virtualMachines", "vm0"), Of("images", "master") + "/x", "/subscriptions/x/resourceGroups/../y", new string('z', 100_000), "{{7*7}}", "%s%n", "start=fail:x;latency=00:00:01",
        ]) + "\"",
    };

    private string ChangeText(string body)
    {
        if (body.Length == 0)
        {
            return "{";
        }

        int place = _random.Next(body.Length);
        return _random.Next(4) switch
        {
            0 => body[..place],
            1 => body.Insert(place, Pick(["\"", "{", "}", ",", "\0", "\u00e9", "//x\n", "\"location\":\"local2\",", "\\ud800", ((char)_random.Next(1, 255)).ToString(CultureInfo.InvariantCulture)])),
            2 => body.Remove(place, Math.Min(body.Length - place, _random.Next(1, 5))),
            _ => body + Pick(["{}", "x", "\0", new string(' ', 5000), ","]),
        };
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
