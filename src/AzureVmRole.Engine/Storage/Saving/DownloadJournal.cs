using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>
/// What of a download has arrived, kept in a file beside it (docs/formats/download-journal.md): a line that says what is
/// downloaded, then a line for every piece that was written. A line is added after its piece, so a killed process loses the
/// pieces that were on their way and nothing else; a piece counts only when the file still holds what its line says.
/// </summary>
internal sealed class DownloadJournal : IDisposable
{
    private const int DigestSize = 16;
    private const int LongestFile = 256 << 20;

    private readonly Lock _lock = new();
    private readonly DiskFile _file;
    private readonly Dictionary<long, (int Length, UInt128 Digest)> _pieces = [];
    private long _end;

    private DownloadJournal(DiskFile file) => _file = file;

    /// <summary>How many pieces had arrived when the journal was opened.</summary>
    public int PieceCount => _pieces.Count;

    /// <summary>The line that says what is downloaded. It holds no signature.</summary>
    public static string Identify(StoredDisk source, long fileLength) => JsonSerializer.Serialize(new
    {
        format = "AzureVmRole download 2",
        source = source.Uri.GetLeftPart(UriPartial.Path),
        snapshot = source.Blob.Snapshot,
        etag = source.Blob.ETag,
        length = fileLength,
    });

    /// <summary>Opens or makes the journal.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="shownPath">The path that errors name.</param>
    public static DownloadJournal Open(string path, string shownPath) => new(DiskFile.OpenOrCreate(path, shownPath));

    /// <summary>Reads what an earlier run noted.</summary>
    /// <returns>False when the journal is empty, or of another download.</returns>
    public bool TryContinue(string identity)
    {
        if (_file.Length is 0 or > LongestFile)
        {
            return false;
        }

        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(0, bytes);
        ReadOnlySpan<byte> rest = bytes;
        if (!TryTakeLine(ref rest, out ReadOnlySpan<byte> first) || !first.SequenceEqual(Encoding.UTF8.GetBytes(identity)))
        {
            return false;
        }

        // What follows the last line feed is the beginning of a line that a killed process did not finish.
        _end = first.Length + 1;
        while (TryTakeLine(ref rest, out ReadOnlySpan<byte> line) && TryParse(line, out long offset, out int length, out UInt128 digest))
        {
            _pieces[offset] = (length, digest);
            _end += line.Length + 1;
        }

        _file.SetLength(_end);
        return true;
    }

    /// <summary>Begins the journal of a new download.</summary>
    public void Begin(string identity)
    {
        _pieces.Clear();
        _file.SetLength(0);
        byte[] line = Encoding.UTF8.GetBytes(identity + "\n");
        _file.Write(0, line);
        _end = line.Length;
    }

    /// <summary>Whether a piece was noted when the journal was opened.</summary>
    public bool Has(ContentPiece piece) => _pieces.TryGetValue(piece.Offset, out (int Length, UInt128 Digest) noted) && noted.Length == piece.Length;

    /// <summary>Whether a piece that was hashed is the one that was noted.</summary>
    public bool Matches(ContentPiece piece) => Has(piece) && _pieces[piece.Offset].Digest == DigestOf(piece);

    /// <summary>Notes that a piece, which was hashed, has been written. Called from several threads.</summary>
    public void Add(ContentPiece piece)
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{piece.Offset} {piece.Length} {DigestOf(piece):x32}\n"));
        lock (_lock)
        {
            _file.Write(_end, line);
            _end += line.Length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static UInt128 DigestOf(ContentPiece piece)
    {
        var hash = new XxHash128();
        foreach (byte[] leaf in piece.Leaves)
        {
            hash.Append(leaf);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        int end = rest.IndexOf((byte)'\n');
        line = end < 0 ? default : rest[..end];
        rest = rest[(end + 1)..];
        return end >= 0;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, out long offset, out int length, out UInt128 digest)
    {
        (length, digest) = (0, 0);
        return Utf8Parser.TryParse(line, out offset, out int taken)
            && Utf8Parser.TryParse(line[Math.Min(taken + 1, line.Length)..], out length, out int more)
            && line.Length == taken + more + 2 + (2 * DigestSize)
            && UInt128.TryParse(line[^(2 * DigestSize)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out digest);
    }
}
