using System.Text;

namespace AzureVmRole.Daemon.Tests.Http;

/// <summary>Requests that are nearly right: from a seed, the same ones each time.</summary>
internal sealed class RequestMutation(int seed, Uri endpoint, string subscription)
{
    private static readonly string[] Methods = ["GET", "GET", "PUT", "PUT", "PATCH", "DELETE", "POST", "HEAD", "OPTIONS", "TRACE", "FOO"];

    private static readonly string[] Parts =
    [
        "resourceGroups", "resourcegroups", "providers", "Microsoft.Compute", "microsoft.resources", "virtualMachines", "disks", "images", "snapshots",
        "locations", "local1", "local2", "operations", "vmSizes", "usages", "publishers", "resources", "instanceView", "start", "capture", "rg", "vm1", "..", ".", "%2e%2e",
        "%2fetc%2fpasswd", "..%5c..%5crdfe-escape", "%00", "%0d%0aX:%201", "%ff%fe", "%zz", "%252e%252e", "a%20b", "%c3%a4", "rdfe-escape", "con", "~", "'", "",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "0", "64", "1e400", "99999999999999999999", "\"\"", "\"../../rdfe-escape\"", "\"/tmp/rdfe-escape\"", "\"file:///tmp/rdfe-escape.vhd\"",
        "\"https://x/..\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[{}]", "[null]", "[[]]", "\"local1\"", "\"Standard_A1\"", "\"Empty\"", "\"FromImage\"", "\"ReadOnly\"",
        "{\"id\":\"/subscriptions/x\"}", "\"" + "\u202e" + "\"",
    ];

    private static readonly string[] Names =
    [
        "location", "tags", "properties", "sku", "zones", "id", "name", "type", "hardwareProfile", "vmSize", "storageProfile", "osDisk", "dataDisks", "lun", "createOption",
        "managedDisk", "blobUri", "creationData", "sourceUri", "sourceResourceId", "diskSizeGB", "osProfile", "adminPassword", "caching", "deleteOption", "osType", "osState",
        "sourceVirtualMachine", "imageReference", "provisioningState", "fabric", "__proto__", "",
    ];

    private static readonly string[] Queries =
        ["api-version=2023-07-01", "api-version=", "", "$top=0", "$top=1", "$top=x", "$skiptoken=%%%", "$skiptoken=AAAA", "$filter=x", "$filter=tagName eq 'a'", "monitor=true", "$expand=instanceView", "deleteVhd=true"];

    private readonly Random _random = new(seed);

    /// <summary>The body of the request that was made last.</summary>
    public string? LastBody { get; private set; }

    /// <summary>The next request.</summary>
    public HttpRequestMessage Next()
    {
        string path = _random.Next(8) == 0 ? "" : subscription;
        path += _random.Next(3) switch
        {
            0 => $"/resourceGroups/rg/providers/Microsoft.Compute/{Pick(["virtualMachines", "disks", "images", "snapshots"])}/{Pick(Parts)}",
            1 => $"/resourceGroups/{Pick(["rg", "rg", Pick(Parts)])}",
            _ => string.Concat(Enumerable.Range(0, _random.Next(8)).Select(_ => "/" + Pick(Parts))),
        };
        if (_random.Next(6) == 0)
        {
            path += "/" + Pick(Parts);
        }

        // Sent as it is, not as Uri would put it right.
        string address = $"{endpoint.GetLeftPart(UriPartial.Authority)}{(path.Length == 0 ? "/" : path)}?{Pick(Queries)}&api-version=1";
        var request = new HttpRequestMessage(
            new HttpMethod(Pick(Methods)), new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        LastBody = request.Method.Method is "PUT" or "PATCH" or "POST" ? Body() : null;
        if (LastBody is not null)
        {
            request.Content = new StringContent(LastBody, Encoding.UTF8, _random.Next(20) == 0 ? "text/plain" : "application/json");
        }

        if (_random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation(Pick(["If-Match", "If-None-Match", "x-ms-client-request-id"]), Pick(["*", "\"1\"", "x", new string('y', 300)]));
        }

        return request;
    }

    private string Body()
    {
        var text = new StringBuilder(Object(4));
        for (int count = _random.Next(12) == 0 ? _random.Next(1, 4) : 0; count > 0 && text.Length > 0; count--)
        {
            int place = _random.Next(text.Length);
            text[place] = (char)_random.Next(32, 127);
        }

        return text.ToString();
    }

    private string Object(int depth)
    {
        var members = new HashSet<string>(StringComparer.Ordinal);
        if (depth == 4 && _random.Next(4) != 0)
        {
            members.Add("\"location\":\"local1\"");
        }

        for (int count = _random.Next(5); count > 0; count--)
        {
            string value = depth > 0 && _random.Next(2) == 0 ? Object(depth - 1) : Pick(Values);
            members.Add($"\"{Pick(Names)}\":{value}");
        }

        return $"{{{string.Join(',', members)}}}";
    }

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
