using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.Media;

/// <summary>Fields of JSON documents. What is absent is null; what is there and of another kind is refused by name.</summary>
internal static class DocumentFields
{
    /// <summary>The text of a field; null when it, or something on the way to it, is absent.</summary>
    /// <exception cref="FabricException">It is no text.</exception>
    public static string? Text(JsonObject document, params ReadOnlySpan<string> path) => Find(document, path) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => throw WrongKind(path, "a text"),
    };

    /// <summary>The number of a field; null when it, or something on the way to it, is absent.</summary>
    /// <exception cref="FabricException">It is no whole number.</exception>
    public static long? Number(JsonObject document, params ReadOnlySpan<string> path) => Find(document, path) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && long.TryParse(
            value.ToJsonString(), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long number) => number,
        _ => throw WrongKind(path, "a whole number"),
    };

    /// <summary>Whether a field says true; false when it, or something on the way to it, is absent.</summary>
    /// <exception cref="FabricException">It is neither true nor false.</exception>
    public static bool Flag(JsonObject document, params ReadOnlySpan<string> path) => Find(document, path) switch
    {
        null => false,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValueKind() == JsonValueKind.True,
        _ => throw WrongKind(path, "true or false"),
    };

    /// <summary>The object of a field; null when it, or something on the way to it, is absent.</summary>
    /// <exception cref="FabricException">It is no object.</exception>
    public static JsonObject? Object(JsonObject document, params ReadOnlySpan<string> path) => Find(document, path) switch
    {
        null => null,
        JsonObject found => found,
        _ => throw WrongKind(path, "an object"),
    };

    /// <summary>The object of a field, made where it is absent.</summary>
    public static JsonObject Ensure(JsonObject document, string name)
    {
        if (Object(document, name) is { } found)
        {
            return found;
        }

        var made = new JsonObject();
        document[name] = made;
        return made;
    }

    /// <summary>Gives the word of a field, in any case of letters, Azure's spelling; what is absent stays so.</summary>
    /// <param name="document">The document.</param>
    /// <param name="field">Its field.</param>
    /// <param name="path">The field as errors name it.</param>
    /// <param name="words">The words.</param>
    /// <exception cref="FabricException">It is none of the words.</exception>
    public static void Spell(JsonObject document, string field, string path, params ReadOnlySpan<string> words)
    {
        if (Text(document, field) is not { } text)
        {
            return;
        }

        foreach (string word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                document[field] = word;
                return;
            }
        }

        string known = string.Join(", ", words);
        throw Invalid(path, $"The value '{text}' of parameter '{path}' is invalid, expected one of {known}.", $"Give one of {known}.");
    }

    /// <summary>The error about a field.</summary>
    public static FabricException Invalid(string field, string message, string? action = null) =>
        new(HttpStatusCode.BadRequest, "InvalidParameter", field, message, action);

    private static JsonNode? Find(JsonObject document, ReadOnlySpan<string> path)
    {
        JsonNode? node = document;
        for (int index = 0; index < path.Length && node is not null; index++)
        {
            node = node is JsonObject parent
                ? FindMember(parent, path[index])
                : throw WrongKind(path[..index], "an object");
        }

        return node;
    }

    /// <summary>ARM reads members in any case of letters; ours are written in Azure's spelling, which is tried first.</summary>
    private static JsonNode? FindMember(JsonObject parent, string name)
    {
        if (parent.TryGetPropertyValue(name, out JsonNode? exact))
        {
            return exact;
        }

        foreach ((string key, JsonNode? value) in parent)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private static FabricException WrongKind(ReadOnlySpan<string> path, string expected)
    {
        string field = string.Join('.', path);
        return Invalid(field, $"The field '{field}' is not {expected}.");
    }
}
