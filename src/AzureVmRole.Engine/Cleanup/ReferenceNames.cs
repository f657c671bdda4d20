using System.Buffers;
using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// The blobs that a reference file names. A reference counts for every blob whose container and name it ends with, whatever its
/// host or folder: one account has many names (secondary and private end points, own domains). Each reading that a text allows
/// counts. That keeps a blob too many at most.
/// </summary>
/// <param name="path">The file: errors name it.</param>
internal sealed class ReferenceNames(string path)
{
    private const string RootContainer = "$root/";
    private const string CommentStart = " #";

    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?\\\",");
    private static readonly SearchValues<char> StrayEnds = SearchValues.Create(",;\"'");

    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The line that names a blob; null for none.</summary>
    public int? Find(BlobName name) => _lines.TryGetValue(name.ToString(), out int line) ? line : null;

    /// <summary>Takes one name or address in.</summary>
    /// <exception cref="CatalogueException">It is neither.</exception>
    public void Add(string text, int line)
    {
        string reference = text.Trim();
        if (reference.Any(char.IsControl))
        {
            throw Invalid(line, "holds a control character");
        }

        // Names may hold " #", and people write remarks so: both readings count.
        int comment = reference.IndexOf(CommentStart, StringComparison.Ordinal);
        if (comment > 0)
        {
            AddReading(reference[..comment].TrimEnd(), line);
        }

        AddReading(reference, line);
    }

    /// <summary>An error about a line. What the line says is left out: an address may carry a signature.</summary>
    public CatalogueException Invalid(int line, string problem, Exception? exception = null) => new(
        ErrorCode.ReferenceFileInvalid,
        path,
        $"Line {line} of reference file '{path}' {problem}.",
        "Write one blob a line, as an address or container/name, or a JSON array of such strings.",
        exception);

    private void AddReading(string reference, int line)
    {
        if (reference.Length > 0 && StrayEnds.Contains(reference[^1]))
        {
            throw Invalid(line, "ends with a comma, a semicolon or a quotation mark, as no disk's name does");
        }

        // "container/name" is no absolute address, "/folder/name" is one on Unix only: both forms of a path mean a file here.
        if (reference.Contains("://", StringComparison.Ordinal) || Path.IsPathFullyQualified(reference))
        {
            AddAddress(reference, line);
            return;
        }

        int slash = reference.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || reference.EndsWith('/') || reference.AsSpan().ContainsAny(Wildcards))
        {
            throw Invalid(line, "is neither an address nor container/name (wildcards have no meaning here)");
        }

        if (BlobNameRules.FindContainerFault(reference[..slash].ToLowerInvariant()) is { } fault)
        {
            throw Invalid(line, $"does not start with the name of a container: {fault}");
        }

        // The second and later ones are names on the same line, or the rest of a name with spaces.
        foreach (string part in reference.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(reference))
        {
            AddEndings(part, line);
            AddEndings(Uri.UnescapeDataString(part), line);
        }
    }

    private void AddAddress(string reference, int line)
    {
        bool isOne = reference.IndexOf("://", StringComparison.Ordinal) == reference.LastIndexOf("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(reference, UriKind.Absolute, out Uri? uri) || !isOne)
        {
            throw Invalid(line, "is no valid address, or more than one");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeFile)
        {
            throw Invalid(line, $"is an address with scheme '{uri.Scheme}', expected https, http or file");
        }

        if (uri.Query.Length > 1 && !uri.Query.Contains('=', StringComparison.Ordinal))
        {
            throw Invalid(line, "holds a question mark that begins neither a signature nor a snapshot; in a name it is written %3F");
        }

        string raw = uri.AbsolutePath.Trim('/');
        string plain = Uri.UnescapeDataString(raw);
        if (plain.Length == 0 || plain.Contains('*', StringComparison.Ordinal))
        {
            throw Invalid(line, "names no blob (wildcards have no meaning here)");
        }

        // A folder store's files have escapes of their own in their names, which the address escapes once more. A number sign
        // that is not escaped begins a fragment, or is part of the name.
        AddEndings(raw, line);
        AddEndings(plain, line);
        AddEndings(Uri.UnescapeDataString(plain), line);
        if (uri.Fragment.Length > 0)
        {
            AddEndings(Uri.UnescapeDataString(raw + uri.Fragment.Split('?')[0]), line);
        }
    }

    private void AddEndings(string reference, int line)
    {
        string ending = reference;
        _lines.TryAdd(RootContainer + ending[(ending.LastIndexOf('/') + 1)..], line);
        for (int slash = ending.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = ending.IndexOf('/', StringComparison.Ordinal))
        {
            _lines.TryAdd(ending, line);
            _lines.TryAdd(ending.Replace("//", "/", StringComparison.Ordinal), line);
            ending = ending[(slash + 1)..];
        }
    }
}
