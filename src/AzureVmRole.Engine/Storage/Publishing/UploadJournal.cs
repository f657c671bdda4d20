using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Notes on this machine which lease an upload holds, so that the next attempt need not wait for a killed one's lease to end.
/// Held open by the process that uploads: whoever can open it knows that its predecessor is gone. Holds no secrets.
/// </summary>
internal sealed class UploadJournal : IDisposable
{
    private const int NameLength = 16;
    private const int LengthLimit = 64 << 10;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly string _target;
    private bool _isDone;

    private UploadJournal(FileStream file, string path, string target)
    {
        _file = file;
        _path = path;
        _target = target;
        Entry = Read();
    }

    /// <summary>What a predecessor noted; null where there was none.</summary>
    public UploadJournalEntry? Entry { get; private set; }

    /// <summary>Opens the journal of uploads to a blob.</summary>
    /// <param name="folder">Where journals are kept.</param>
    /// <param name="target">The blob's address, without a signature.</param>
    /// <returns>Null when another process of this machine uploads to the blob.</returns>
    /// <exception cref="DiskOperationException">The folder cannot be written to.</exception>
    public static UploadJournal? TryOpen(string folder, Uri target)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(target.AbsoluteUri));
        string path = Path.Combine(folder, $"{Convert.ToHexStringLower(hash)[..NameLength]}.json");
        try
        {
            Directory.CreateDirectory(folder);
            return new UploadJournal(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path, target.AbsoluteUri);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(path, exception);
        }
    }

    /// <summary>Notes the lease.</summary>
    /// <exception cref="DiskOperationException">The file cannot be written to.</exception>
    public void Write(UploadJournalEntry entry)
    {
        try
        {
            _file.SetLength(0);
            _file.Position = 0;
            JsonSerializer.Serialize(_file, entry with { Target = _target });
            _file.Flush(flushToDisk: true);
        }
        catch (IOException exception)
        {
            throw CannotWrite(_path, exception);
        }

        Entry = entry;
    }

    /// <summary>The upload has ended, well or because somebody else has the blob: nothing needs to be known of it any more.</summary>
    public void Complete() => _isDone = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        bool isUseless = _isDone || Entry is null;

        // Only Unix can remove the name while the file is locked, which leaves nobody time to open it in between.
        if (isUseless && !OperatingSystem.IsWindows())
        {
            File.Delete(_path);
        }

        _file.Dispose();
        if (isUseless && OperatingSystem.IsWindows())
        {
            File.Delete(_path);
        }
    }

    private static DiskOperationException CannotWrite(string path, Exception exception) => new(
        ErrorCode.WriteFailed, path, $"The journal '{path}' of the upload cannot be made: {exception.Message}",
        "Make the folder writable, free space on its volume, or set AZUREVMROLE_HOME to another one.", exception);

    /// <summary>A journal that was torn when its writer was killed says nothing, and nothing is lost with it but time.</summary>
    private UploadJournalEntry? Read()
    {
        try
        {
            return _file.Length is > 0 and < LengthLimit && JsonSerializer.Deserialize<UploadJournalEntry>(_file) is { } entry && entry.Target == _target
                ? entry
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
