using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AzureVmRole.Daemon.Arm;

/// <summary>Reads the body of a request: one JSON object, of bounded size and depth, each name once, all text valid.</summary>
internal static class JsonBody
{
    /// <summary>The most bytes of a body: 4 MiB, as in Azure.</summary>
    public const int LongestInBytes = 4 << 20;

    /// <summary>
    /// The most bytes of a body that are read and thrown away: a client that is cut off while it sends does not see the answer that tells why.
    /// </summary>
    public const int LongestRefusedInBytes = 32 << 20;

    private const int PieceInBytes = 16 << 10;

    /// <summary>How deep objects and arrays may lie in one another.</summary>
    public const int Deepest = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Deepest, AllowDuplicateProperties = false };

    /// <summary>Reads the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isRequired">Whether there has to be one; else none is an empty object.</param>
    /// <exception cref="FabricException">There is none, it is too large, of another kind, or no such object; the message says where.</exception>
    public static async Task<JsonObject> ReadAsync(ArmRequest request, bool isRequired)
    {
        byte[] content = await ReadBytesAsync(request.Http.Request, request.Http.RequestAborted).ConfigureAwait(false);
        request.Content = content;
        if (content.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return isRequired
                ? throw ArmErrors.InvalidContent("The request content was invalid and could not be deserialized: the body is empty, expected a JSON object.")
                : [];
        }

        CheckMediaType(request.Http.Request.ContentType);
        return MemberNames.Restore(Parse(content));
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="FabricException">It is none; the message says where.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> json = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        try
        {
            CheckText(json);
            return JsonNode.Parse(json, nodeOptions: null, Options) as JsonObject
                ?? throw ArmErrors.InvalidContent("The request content was invalid and could not be deserialized: expected a JSON object at line 1, position 1.");
        }
        catch (JsonException exception)
        {
            string reason = exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0].TrimEnd('.');
            throw ArmErrors.InvalidContent(
                $"The request content was invalid and could not be deserialized: '{reason}. Line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1}.'");
        }
    }

    private static async Task<byte[]> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is > LongestInBytes)
        {
            throw ArmErrors.ContentTooLarge(LongestInBytes);
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceInBytes);
        try
        {
            while (await request.Body.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                if (buffer.Length + count > LongestInBytes)
                {
                    throw ArmErrors.ContentTooLarge(LongestInBytes);
                }

                buffer.Write(piece, 0, count);
            }
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw ArmErrors.InvalidContent($"The request content was invalid: its pieces cannot be read ({exception.Message.TrimEnd('.')}).");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return buffer.ToArray();
    }

    private static void CheckMediaType(string? type)
    {
        string name = (type ?? "").Split(';')[0].Trim();
        if (name.Length > 0 && !name.EndsWith("json", StringComparison.OrdinalIgnoreCase))
        {
            throw ArmErrors.UnsupportedMediaType(name);
        }
    }

    // Nodes decode text when they are asked for it, and fail only then; and the parser does not tell where a name comes twice.
    private static void CheckText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
        var names = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.String:
                    TextOf(reader, json);
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(TextOf(reader, json)):
                    throw At(json[..(int)reader.TokenStartIndex], $"The member '{TextOf(reader, json)}' is there twice");
                default:
                    break;
            }
        }
    }

    private static string TextOf(in Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw At(json[..(int)reader.TokenStartIndex], "The text is no valid Unicode");
        }
    }

    private static FabricException At(ReadOnlySpan<byte> before, string reason)
    {
        (int line, int position) = PlaceOf(before);
        return ArmErrors.InvalidContent($"The request content was invalid and could not be deserialized: '{reason}. Line {line}, position {position}.'");
    }

    private static (int Line, int Position) PlaceOf(ReadOnlySpan<byte> before) =>
        (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
}
