using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Notes on this machine which lease an upload holds, so that the next attempt need not wait for a killed one's lease to end.
/// Held open by the process that uploads: whoever can open it knows that its predecessor is gone. Holds no secrets.
/// </summary>
internal sealed class UploadJournal : IDisposable
{
    private const int NameLength = 16;
    private const int LengthLimit = 64 << 10;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly string _target;
    private bool _isDone;

    private UploadJournal(SafeFileHandle file, string path, string target)
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
    /// <exception cref="DiskOperationException">The journal cannot be made, read or written.</exception>
    public static UploadJournal? TryOpen(string folder, Uri target)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(target.AbsoluteUri));
        string path = Path.Combine(folder, $"{Convert.ToHexStringLower(hash)[..NameLength]}.json");
        SafeFileHandle? file = null;
        try
        {
            Directory.CreateDirectory(folder);
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new UploadJournal(file, path, target.AbsoluteUri);
        }
        catch (IOException exception) when (file is null && FileFault.IsInUse(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Unusable(path, exception);
        }
    }

    /// <summary>Notes the lease.</summary>
    /// <exception cref="DiskOperationException">The file cannot be written to.</exception>
    public void Write(UploadJournalEntry entry)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(entry with { Target = _target });
        try
        {
            // What was noted before goes only when there is room for this.
            RandomAccess.Write(_file, text, 0);
            RandomAccess.SetLength(_file, text.Length);
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(_path, exception);
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
            TryDelete();
        }

        _file.Dispose();
        if (isUseless && OperatingSystem.IsWindows())
        {
            TryDelete();
        }
    }

    private static DiskOperationException Unusable(string path, Exception exception)
    {
        (ErrorCode code, string reason, string action) = exception switch
        {
            UnauthorizedAccessException => (ErrorCode.AccessDenied, $"it may not be used: {exception.Message}", "Give this account the right to the file and its folder"),
            IOException io when FileFault.IsVolumeFull(io) => (ErrorCode.InsufficientSpace, "its volume is full", "Free space on the volume"),
            _ => (ErrorCode.WriteFailed, exception.Message, "Make the folder writable"),
        };
        return new DiskOperationException(
            code, path, $"The upload cannot keep its journal '{path}': {reason.TrimEnd('.')}.", $"{action}, or set AZUREVMROLE_HOME to another folder.", exception);
    }

    /// <summary>A journal that stays although it is of no use names a lease that has ended: the next upload notices that.</summary>
    private void TryDelete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The upload has ended as it has; that is what the user gets to know.
        }
    }

    /// <summary>A journal that was torn when its writer was killed says nothing, and nothing is lost with it but time.</summary>
    private UploadJournalEntry? Read()
    {
        long length = RandomAccess.GetLength(_file);
        if (length is 0 or >= LengthLimit)
        {
            return null;
        }

        byte[] text = new byte[length];
        int read = RandomAccess.Read(_file, text, 0);
        try
        {
            return JsonSerializer.Deserialize<UploadJournalEntry>(text.AsSpan(0, read)) is { } entry && entry.Target == _target ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
