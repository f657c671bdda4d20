using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Guests;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>Takes out of a body what must never be kept: nothing that is kept is ever shown by mistake.</summary>
internal static class VmSecrets
{
    // In Base64 (ARM, OSProfile.customData: 65,535 bytes).
    private const int LongestData = 87_380;

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "adminPassword", "customData", "userData", "protectedSettings", "password", "secureString",
    };

    /// <summary>What a guest is to be told of a body's secrets when it is provisioned.</summary>
    /// <param name="properties">The properties of a virtual machine, or the body of a reimage.</param>
    public static GuestSecrets Read(JsonNode? properties) => new(
        properties.Text("osProfile", "adminPassword"), properties.Text("osProfile", "customData"), properties.Text("userData"));

    /// <summary>Finds what is wrong with them.</summary>
    public static void Check(GuestSecrets secrets, VmFindings findings)
    {
        foreach ((string field, string? value) in (ReadOnlySpan<(string, string?)>)[("osProfile.customData", secrets.CustomData), ("userData", secrets.UserData)])
        {
            if (value is not null && (value.Length > LongestData || !System.Buffers.Text.Base64.IsValid(value)))
            {
                findings.Invalid(
                    field, $"The value of parameter '{field}' is invalid: expected Base64 of {LongestData} characters at most, found {value.Length} characters.", "Encode the data as Base64.");
            }
        }
    }

    /// <summary>Removes every secret from a tree, at any depth; the content of unattended set-up counts as one, it carries passwords.</summary>
    public static void Remove(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject part:
                foreach (string name in part.Select(member => member.Key).Where(Names.Contains).ToList())
                {
                    part.Remove(name);
                }

                foreach (KeyValuePair<string, JsonNode?> member in part)
                {
                    if (member.Key.Equals("additionalUnattendContent", StringComparison.OrdinalIgnoreCase))
                    {
                        RemoveContents(member.Value);
                    }

                    Remove(member.Value);
                }

                break;
            case JsonArray items:
                foreach (JsonNode? item in items)
                {
                    Remove(item);
                }

                break;
        }
    }

    /// <summary>The field that holds a private key, as PEM writes one; null when none does.</summary>
    public static string? FindPrivateKey(JsonNode? node) => node switch
    {
        JsonObject part => part.Select(member => FindPrivateKey(member.Value)).FirstOrDefault(field => field is not null),
        JsonArray items => items.Select(FindPrivateKey).FirstOrDefault(field => field is not null),
        JsonValue value when value.TryGetValue(out string? text) && text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) => value.GetPath().TrimStart('$', '.'),
        _ => null,
    };

    private static void RemoveContents(JsonNode? unattend)
    {
        foreach (JsonObject item in (unattend as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            foreach (string name in item.Select(member => member.Key).Where(name => name.Equals("content", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                item.Remove(name);
            }
        }
    }
}
