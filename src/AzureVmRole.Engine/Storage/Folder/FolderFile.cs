using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>An open data file, counted by its users; closed when the last one gives it back.</summary>
internal sealed class FolderFile(FolderRow row, string path, SafeFileHandle handle, FolderGate gate) : IDisposable
{
    private readonly Lock _lock = new();

    // Linux lets one writer at a time into a file, and the others spin: waiting here leaves the processor to those who hash.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _users = 1;

    public long Generation { get; } = row.Generation;

    /// <summary>The row that it was opened for: name, snapshot, generation and length never change.</summary>
    public FolderRow Row { get; } = row;

    public string Path { get; } = path;

    public SafeFileHandle Handle { get; } = handle;

    public FolderGate Gate { get; } = gate;

    /// <summary>Counts one more user; false when the file is closed.</summary>
    public bool TryUse()
    {
        lock (_lock)
        {
            if (_users == 0)
            {
                return false;
            }

            _users++;
            return true;
        }
    }

    /// <summary>Gives the file back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }
        }

        Handle.Dispose();
        Gate.Dispose();
        _turn.Dispose();
    }

    /// <summary>Fills a buffer.</summary>
    public async ValueTask ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        try
        {
            while (buffer.Length > 0)
            {
                int read = await RandomAccess.ReadAsync(Handle, buffer, offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    throw FolderErrors.FileTooShort(Row, Path, offset);
                }

                offset += read;
                buffer = buffer[read..];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, Row.Name.ToString(), Path, isWriting: false);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, long offset, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            FileWrites.Write(Handle, data.Span, offset);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FolderErrors.Of(exception, Row.Name.ToString(), Path, isWriting: true);
        }
        finally
        {
            _turn.Release();
        }
    }
}
