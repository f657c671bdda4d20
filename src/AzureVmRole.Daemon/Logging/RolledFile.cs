using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Daemon.Logging;

/// <summary>
/// A log of lines that only its owner can read. At a length it becomes NAME.1 (the one before NAME.2, and so on) and a new one is begun. Each line is with the
/// operating system when <see cref="Write"/> returns.
/// </summary>
internal sealed class RolledFile : IDisposable
{
    private const int Kept = 4;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly long _longestInBytes;
    private SafeFileHandle? _handle;
    private long _length;
    private long _lost;
    private bool _isDisposed;

    /// <summary>Continues a log, or begins it.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="longestInBytes">The length at which it is rolled.</param>
    public RolledFile(string path, long longestInBytes)
    {
        _path = path;
        _longestInBytes = longestInBytes;
        Open();
    }

    /// <summary>Writes a line. On a full volume lines are lost and counted; the next line that can be written is preceded by their number.</summary>
    public void Write(string line)
    {
        lock (_lock)
        {
            try
            {
                Append(line);
                _lost = 0;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Requests are answered on a full volume, too: the answers say that it is full.
                _lost++;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _handle?.Dispose();
            _handle = null;
        }
    }

    private void Append(string line)
    {
        if (_isDisposed)
        {
            return;
        }

        // There is none when the last roll failed half way.
        SafeFileHandle handle = _handle ?? Open();

        string text = _lost == 0 ? line + "\n" : $"{{\"lost\":{_lost}}}\n{line}\n";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (_length > 0 && _length + bytes.Length > _longestInBytes)
        {
            handle = Roll();
        }

        RandomAccess.Write(handle, bytes, _length);
        _length += bytes.Length;
    }

    private SafeFileHandle Roll()
    {
        _handle?.Dispose();
        _handle = null;
        for (int number = Kept - 1; number >= 1; number--)
        {
            if (File.Exists($"{_path}.{number}"))
            {
                File.Move($"{_path}.{number}", $"{_path}.{number + 1}", overwrite: true);
            }
        }

        if (File.Exists(_path))
        {
            // Somebody may have taken the log away meanwhile.
            File.Move(_path, $"{_path}.1", overwrite: true);
        }

        return Open();
    }

    private SafeFileHandle Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (new FileStream(_path, options))
        {
            // Made with its mode; File.OpenHandle cannot say one.
        }

        _handle = File.OpenHandle(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _length = RandomAccess.GetLength(_handle);
        return _handle;
    }
}
