using System.Text.Json;
using Azure;

namespace AzureVmRole.Engine.Compute;

/// <summary>What answers say beyond the SDK's types: <c>properties.blobUri</c> of the local fabric (docs/design/fabric.md).</summary>
internal static class RawAnswer
{
    /// <summary>The blobs of the resources in an answer, by their ids in lower case.</summary>
    public static IReadOnlyDictionary<string, Uri> BlobUris(Response answer)
    {
        var found = new Dictionary<string, Uri>(StringComparer.OrdinalIgnoreCase);
        if (answer.ContentStream is null || answer.Content.ToMemory().Length == 0)
        {
            return found;
        }

        using var document = JsonDocument.Parse(answer.Content);
        if (document.RootElement.TryGetProperty("value", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement entry in list.EnumerateArray())
            {
                Add(found, entry);
            }
        }
        else
        {
            Add(found, document.RootElement);
        }

        return found;
    }

    /// <summary>Whether an answer is a page of a listing: one that is not must never be taken for an empty one.</summary>
    public static bool IsPage(Response answer)
    {
        if (answer.Status != 200 || answer.ContentStream is null || answer.Content.ToMemory().Length == 0)
        {
            return false;
        }

        using var document = JsonDocument.Parse(answer.Content);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("value", out JsonElement list) && list.ValueKind == JsonValueKind.Array;
    }

    private static void Add(Dictionary<string, Uri> found, JsonElement entry)
    {
        if (entry.TryGetProperty("id", out JsonElement id) && id.GetString() is { } name
            && entry.TryGetProperty("properties", out JsonElement properties)
            && properties.TryGetProperty("blobUri", out JsonElement blob) && Uri.TryCreate(blob.GetString(), UriKind.Absolute, out Uri? uri))
        {
            found[name] = uri;
        }
    }
}
