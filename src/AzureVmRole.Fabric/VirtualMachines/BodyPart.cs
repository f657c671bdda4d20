using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>An object of a request's body: a value of another kind than expected is a finding, and reads as if it were not there.</summary>
/// <param name="Node">The object; null when it is missing.</param>
/// <param name="Path">Where it is: <c>storageProfile.osDisk</c>; empty for the properties themselves.</param>
/// <param name="Findings">Takes what is wrong.</param>
internal sealed record BodyPart(JsonObject? Node, string Path, VmFindings Findings)
{
    /// <summary>Whether it is there.</summary>
    public bool IsThere => Node is not null;

    /// <summary>The path of a member.</summary>
    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>An object in it.</summary>
    public BodyPart Part(string name) => new(Read(name) as JsonObject ?? Unless<JsonObject>(name, "an object"), PathOf(name), Findings);

    /// <summary>The objects of an array in it; null when there is no array.</summary>
    public IReadOnlyList<BodyPart>? Items(string name)
    {
        if (Read(name) is not JsonArray array)
        {
            Unless<JsonArray>(name, "an array");
            return null;
        }

        var items = new List<BodyPart>();
        for (int index = 0; index < array.Count; index++)
        {
            string path = $"{PathOf(name)}[{index}]";
            if (array[index] is JsonObject item)
            {
                items.Add(new BodyPart(item, path, Findings));
            }
            else
            {
                Findings.Invalid(path, $"The value of parameter '{path}' is invalid: found {Kind(array[index])}, expected an object.", "Correct the body.");
            }
        }

        return items;
    }

    /// <summary>A text in it; null when it is missing or empty.</summary>
    public string? Text(string name) => Read(name) is JsonValue value && value.GetValueKind() == JsonValueKind.String
        ? value.GetValue<string>() is { Length: > 0 } text ? text : null
        : Unless<string>(name, "a text");

    /// <summary>A whole number in it; null when it is missing.</summary>
    public int? Number(string name)
    {
        if (Read(name) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && int.TryParse(
            value.ToJsonString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        Unless<string>(name, "a whole number");
        return null;
    }

    /// <summary>A truth in it; false when it is missing.</summary>
    public bool Flag(string name)
    {
        JsonNode? node = Read(name);
        if (node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            return node.GetValue<bool>();
        }

        Unless<string>(name, "true or false");
        return false;
    }

    /// <summary>A text that is one of some, in any case of letters.</summary>
    /// <returns>It in its own spelling; null when it is missing or none of them.</returns>
    public string? Choice(string name, params ReadOnlySpan<string> values)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (string value in values)
        {
            if (value.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        Findings.Invalid(
            PathOf(name), $"The value '{text}' of parameter '{PathOf(name)}' is invalid: expected one of {string.Join(", ", values.ToArray())}.", "Correct the value.");
        return null;
    }

    private static string Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => $"the number {node.ToJsonString()}",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "something else",
    };

    private JsonNode? Read(string name) => Node?[name];

    /// <summary>Notes a value of another kind.</summary>
    private T? Unless<T>(string name, string expected)
        where T : class
    {
        if (Read(name) is { } other)
        {
            Findings.Invalid(
                PathOf(name), $"The value of parameter '{PathOf(name)}' is invalid: found {Kind(other)}, expected {expected}.", "Correct the body.");
        }

        return null;
    }
}
