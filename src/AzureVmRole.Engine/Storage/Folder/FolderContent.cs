using System.Buffers;
using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>Copies what one file holds into another: shared blocks where the file system can, else the data, by the operating system where it can, and never the holes.</summary>
internal static class FolderContent
{
    private const int BufferSize = 1024 * 1024;
    private const long SystemCopySize = 16 * 1024 * 1024;
    private const int ZeroSize = 64 * 1024;
    private const long BlockSize = 4096;

    /// <summary>Copies a range to the same place of a file that has zeros there.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="range">Which part.</param>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Gets how far the copy has come, in bytes of the range; ends it by returning false.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False when <paramref name="progress"/> ended it.</returns>
    public static async Task<bool> CopyAsync(
        FolderFile source, FileRange range, SafeFileHandle target, Func<long, bool> progress, CancellationToken cancellationToken)
    {
        bool mayClone = true;
        bool maySystemCopy = true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            foreach (FileRange run in FolderRanges.Data(source, range.Offset, range.End))
            {
                mayClone = mayClone && run.Offset % BlockSize == 0 && run.Length % BlockSize == 0 && SparseFiles.TryClone(source.Handle, run, target);
                if (mayClone)
                {
                    if (!progress(run.End - range.Offset))
                    {
                        return false;
                    }

                    continue;
                }

                for (long offset = run.Offset; offset < run.End;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    long copied = maySystemCopy
                        ? SparseFiles.TryCopy(source.Handle, new FileRange(offset, Math.Min(SystemCopySize, run.End - offset)), target)
                        : 0;
                    if (copied == 0)
                    {
                        maySystemCopy = false;
                        Memory<byte> piece = buffer.AsMemory(0, (int)Math.Min(BufferSize, run.End - offset));
                        await source.ReadAsync(piece, offset, cancellationToken).ConfigureAwait(false);
                        await WriteDataAsync(target, piece, offset, cancellationToken).ConfigureAwait(false);
                        copied = piece.Length;
                    }

                    offset += copied;
                    if (!progress(offset - range.Offset))
                    {
                        return false;
                    }
                }
            }

            return progress(range.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task WriteDataAsync(SafeFileHandle target, ReadOnlyMemory<byte> data, long offset, CancellationToken cancellationToken)
    {
        int start = 0;
        while (start < data.Length)
        {
            int end = start;
            while (end < data.Length && data.Span[end..Math.Min(end + ZeroSize, data.Length)].ContainsAnyExcept((byte)0))
            {
                end = Math.Min(end + ZeroSize, data.Length);
            }

            if (end > start)
            {
                await RandomAccess.WriteAsync(target, data[start..end], offset + start, cancellationToken).ConfigureAwait(false);
            }

            start = end + ZeroSize;
        }
    }
}
