using System.Text;
using System.Text.Json;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// A file that names blobs in use, by address or as <c>container/name</c>: one a line, or a JSON array of strings
/// (docs/formats/reference-file.md). It is read whole each time: whoever adds a line is heard.
/// </summary>
/// <param name="path">The absolute path.</param>
internal sealed class ReferenceFileReferrer(string path) : IReferrer
{
    private const long MaximumLength = 256L << 20;

    private ReferenceNames? _names;

    public string Description => $"reference file '{path}'";

    public bool IsCheap => true;

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        _names = null;
        string text = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var names = new ReferenceNames(path);
        if (string.IsNullOrWhiteSpace(text))
        {
            // An export that failed, or one that is being written, leaves such a file.
            throw new CatalogueException(
                ErrorCode.ReferenceFileInvalid, path, $"Reference file '{path}' is empty.",
                "Make it again; a file that is to name nothing holds [] or a comment.");
        }

        if (text.AsSpan().TrimStart() is ['[', ..])
        {
            ReadJson(text, names);
        }
        else
        {
            ReadLines(text, names);
        }

        _names = names;
    }

    public BlobReference? Find(BlobProperties blob, Uri uri)
    {
        // A file that was not read, or could not be, has not said that nothing refers to the blob.
        ReferenceNames names = _names ?? throw new CatalogueException(
            ErrorCode.ReferenceFileInvalid, path, $"Reference file '{path}' has not been read.");
        return names.Find(blob.Name) is { } line
            ? new BlobReference(RetentionCode.Referenced, $"Line {line} of reference file '{path}' names it.", $"'{path}', line {line}")
            : null;
    }

    private async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaximumLength)
            {
                throw new CatalogueException(
                    ErrorCode.ReferenceFileInvalid, path, $"Reference file '{path}' has {length} bytes, at most {MaximumLength} are read.",
                    "Split it into several files.");
            }

            // Bytes that are no text would turn into a name that fits no blob.
            var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return await File.ReadAllTextAsync(path, strict, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new CatalogueException(
                ErrorCode.ReferenceFileInvalid, path, $"Reference file '{path}' cannot be read: {exception.Message}",
                "Give the path of a UTF-8 text file that this account may read.", exception);
        }
    }

    private static void ReadLines(string text, ReferenceNames names)
    {
        int line = 0;
        foreach (ReadOnlySpan<char> content in text.AsSpan().EnumerateLines())
        {
            line++;
            ReadOnlySpan<char> name = content.Trim();
            if (!name.IsEmpty && name[0] != '#')
            {
                names.Add(name.ToString(), line);
            }
        }
    }

    private static void ReadJson(string text, ReferenceNames names)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        int line = 1;
        long counted = 0;
        try
        {
            bool isFirst = true;
            while (reader.Read())
            {
                line += bytes.AsSpan((int)counted, (int)(reader.TokenStartIndex - counted)).Count((byte)'\n');
                counted = reader.TokenStartIndex;
                if (reader.TokenType == JsonTokenType.String)
                {
                    names.Add(reader.GetString() ?? "", line);
                }
                else if (!isFirst && reader.TokenType != JsonTokenType.EndArray)
                {
                    throw names.Invalid(line, $"is a {reader.TokenType}, expected a string");
                }

                isFirst = false;
            }
        }
        catch (JsonException exception)
        {
            throw names.Invalid((int)(exception.LineNumber ?? 0) + 1, $"is no JSON: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw names.Invalid(line, "holds a string that is no text", exception);
        }
    }
}
