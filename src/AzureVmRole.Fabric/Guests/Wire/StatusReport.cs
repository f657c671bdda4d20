using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>Reads what an agent asks the host plug-in to put as its status: an envelope with an address, headers, and the status itself in Base64.</summary>
internal static class StatusReport
{
    /// <summary>The longest envelope, in bytes: agents keep a status below 128 KiB.</summary>
    public const int Longest = 1024 * 1024;

    private const int Deepest = 32;
    private const int LongestName = 256;

    /// <summary>Reads an envelope.</summary>
    /// <param name="body">What the guest sent.</param>
    /// <param name="status">The status; null when the envelope has none in it (the making of a page blob).</param>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> body, out GuestStatus? status)
    {
        status = null;
        if (body.Length > Longest)
        {
            return false;
        }

        try
        {
            using var envelope = JsonDocument.Parse(body, Options);
            if (envelope.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (!TryGet(envelope.RootElement, "content", JsonValueKind.String, out JsonElement? content) || content.Value.GetString() is not { Length: > 0 })
            {
                return true;
            }

            if (!content.Value.TryGetBytesFromBase64(out byte[]? bytes))
            {
                return false;
            }

            using var document = JsonDocument.Parse(bytes, Options);
            status = Read(document.RootElement);
            return status is not null;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // GetString: the text has bytes that are not UTF-8, or half of a surrogate pair.
            return false;
        }
    }

    private static JsonDocumentOptions Options => new() { MaxDepth = Deepest };

    private static GuestStatus? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !TryGet(root, "aggregateStatus", JsonValueKind.Object, out JsonElement? aggregate)
            || !TryGet(aggregate.Value, "guestAgentStatus", JsonValueKind.Object, out JsonElement? agent))
        {
            return null;
        }

        string? message = TryGet(agent.Value, "formattedMessage", JsonValueKind.Object, out JsonElement? formatted) ? Text(formatted.Value, "message", GuestText.Longest) : null;
        JsonElement? system = TryGet(root, "guestOSInfo", JsonValueKind.Object, out JsonElement? found) ? found : null;
        return new GuestStatus(
            Text(agent.Value, "status", LongestName),
            Text(agent.Value, "version", LongestName),
            message,
            system is null ? null : Text(system.Value, "computerName", LongestName),
            system is null ? null : Text(system.Value, "osName", LongestName),
            system is null ? null : Text(system.Value, "osVersion", LongestName));
    }

    private static string? Text(JsonElement element, string name, int longest) =>
        TryGet(element, name, JsonValueKind.String, out JsonElement? value) ? GuestText.Clean(value.Value.GetString(), longest) : null;

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, [NotNullWhen(true)] out JsonElement? value)
    {
        value = element.TryGetProperty(name, out JsonElement found) && found.ValueKind == kind ? found : null;
        return value is not null;
    }
}
