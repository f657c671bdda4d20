using System.Runtime.CompilerServices;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>Which pages of data files hold data, as the file system tells, and which differ.</summary>
internal static class FolderRanges
{
    private const int PageSize = 512;
    private const int ComparedSize = 64 * 1024;

    /// <summary>The pages that may hold data; everything else is zero.</summary>
    public static async IAsyncEnumerable<PageRange> ListAsync(
        FolderFile file, long start, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PageRange? last = null;
        foreach (FileRange run in Data(file, start, end))
        {
            cancellationToken.ThrowIfCancellationRequested();
            long from = run.Offset / PageSize * PageSize;
            long to = Math.Min((run.End + PageSize - 1) / PageSize * PageSize, end);
            if (last is { } before && from <= before.End)
            {
                last = before with { Length = to - before.Offset };
                continue;
            }

            if (last is { } done)
            {
                yield return done;
            }

            last = new PageRange(Math.Max(from, start), to - Math.Max(from, start));
        }

        if (last is { } rest)
        {
            yield return rest;
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>The pieces of 64 KiB in which a file differs from an earlier one.</summary>
    public static async IAsyncEnumerable<PageRange> CompareAsync(
        FolderFile before, FolderFile after, long start, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] old = new byte[ComparedSize];
        byte[] now = new byte[ComparedSize];
        PageRange? last = null;
        long offset = start;
        while (offset < end)
        {
            offset = Math.Min(NextData(before, offset, end), NextData(after, offset, end));
            if (offset >= end)
            {
                break;
            }

            int length = (int)Math.Min(ComparedSize - (offset % ComparedSize), end - offset);
            await ReadAsync(before, old.AsMemory(0, length), offset, cancellationToken).ConfigureAwait(false);
            await ReadAsync(after, now.AsMemory(0, length), offset, cancellationToken).ConfigureAwait(false);
            if (!old.AsSpan(0, length).SequenceEqual(now.AsSpan(0, length)))
            {
                var piece = new PageRange(offset, length, !now.AsSpan(0, length).ContainsAnyExcept((byte)0));
                if (last is { } joined && joined.End == offset && joined.IsClear == piece.IsClear)
                {
                    piece = joined with { Length = piece.End - joined.Offset };
                }
                else if (last is { } done)
                {
                    yield return done;
                }

                last = piece;
            }

            offset += length;
        }

        if (last is { } rest)
        {
            yield return rest;
        }
    }

    /// <summary>The runs of a file that are no holes, cut to a range.</summary>
    public static IEnumerable<FileRange> Data(FolderFile file, long start, long end)
    {
        while (start < end)
        {
            (bool isData, long stop) = SparseFiles.RunAt(file.Handle, start);
            stop = Math.Min(stop, end);
            if (isData)
            {
                yield return new FileRange(start, stop - start);
            }

            start = stop;
        }
    }

    private static long NextData(FolderFile file, long offset, long end)
    {
        long fileEnd = Math.Min(end, file.Row.Length);
        if (offset >= fileEnd)
        {
            return end;
        }

        (bool isData, long stop) = SparseFiles.RunAt(file.Handle, offset);
        long next = isData ? offset : stop;
        return next >= fileEnd ? end : Math.Max(offset, next / PageSize * PageSize);
    }

    /// <summary>Reads; what lies beyond the end of the blob is zero.</summary>
    private static async ValueTask ReadAsync(FolderFile file, Memory<byte> buffer, long offset, CancellationToken cancellationToken)
    {
        int there = (int)Math.Clamp(file.Row.Length - offset, 0, buffer.Length);
        await file.ReadAsync(buffer[..there], offset, cancellationToken).ConfigureAwait(false);
        buffer.Span[there..].Clear();
    }
}
