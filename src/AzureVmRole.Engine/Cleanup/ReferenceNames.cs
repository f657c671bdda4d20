using AzureVmRole.Engine.Storage;

namespace AzureVmRole.Engine.Cleanup;

/// <summary>
/// The blobs that a reference file names. An address counts for every blob whose container and name it ends with, whatever its
/// host: one account has many names (secondary and private end points, own domains). That keeps a blob too many at most.
/// </summary>
/// <param name="path">The file: errors name it.</param>
internal sealed class ReferenceNames(string path)
{
    private const string RootContainer = "$root/";

    private readonly Dictionary<string, int> _lines = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The line that names a blob; null for none.</summary>
    public int? Find(BlobName name) => _lines.TryGetValue(name.ToString(), out int line) ? line : null;

    /// <summary>Takes one name or address in.</summary>
    /// <exception cref="CatalogueException">It is neither.</exception>
    public void Add(string reference, int line)
    {
        if (reference.Any(char.IsControl))
        {
            throw Invalid(line, "holds a control character");
        }

        // "container/name" is no absolute address, "/folder/name" is one on Unix only: both forms of a path mean a file here.
        if (reference.Contains("://", StringComparison.Ordinal) || Path.IsPathFullyQualified(reference))
        {
            AddAddress(reference, line);
            return;
        }

        int slash = reference.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == reference.Length - 1 || reference.AsSpan().ContainsAny(['*', '?', '\\', '"', ',']))
        {
            throw Invalid(line, "is neither an address nor container/name (wildcards have no meaning here)");
        }

        _lines.TryAdd(reference, line);
        _lines.TryAdd(Uri.UnescapeDataString(reference), line);
    }

    /// <summary>An error about a line. What the line says is left out: an address may carry a signature.</summary>
    public CatalogueException Invalid(int line, string problem, Exception? exception = null) => new(
        ErrorCode.ReferenceFileInvalid,
        path,
        $"Line {line} of reference file '{path}' {problem}.",
        "Write one blob a line, as an address or container/name, or a JSON array of such strings.",
        exception);

    private void AddAddress(string reference, int line)
    {
        if (!Uri.TryCreate(reference, UriKind.Absolute, out Uri? uri))
        {
            throw Invalid(line, "is no valid address");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeFile)
        {
            throw Invalid(line, $"is an address with scheme '{uri.Scheme}', expected https, http or file");
        }

        string raw = uri.AbsolutePath.Trim('/');
        string plain = Uri.UnescapeDataString(raw);
        if (plain.Length == 0 || plain.Contains('*', StringComparison.Ordinal))
        {
            throw Invalid(line, "names no blob (wildcards have no meaning here)");
        }

        AddEndings(plain, line);
        AddEndings(raw, line);
    }

    private void AddEndings(string addressPath, int line)
    {
        if (!addressPath.Contains('/', StringComparison.Ordinal))
        {
            _lines.TryAdd(RootContainer + addressPath, line);
        }

        string ending = addressPath;
        for (int slash = ending.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = ending.IndexOf('/', StringComparison.Ordinal))
        {
            _lines.TryAdd(ending, line);
            ending = ending[(slash + 1)..];
        }
    }
}
