using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Storage.Content;
using AzureVmRole.Engine.Storage.Inspection;

namespace AzureVmRole.Engine.Storage.Saving;

/// <summary>
/// A disk on its way from a store: a sparse file beside the target (<c>NAME.azvmrole-download</c>) and its journal
/// (<c>NAME.azvmrole-journal</c>), which an interrupted download leaves for the next run. One process at a time has it open.
/// </summary>
internal sealed class PartialDisk : IDisposable
{
    private const string FileSuffix = ".azvmrole-download";
    private const string JournalSuffix = ".azvmrole-journal";
    private const int LeafSize = ContentHasher.LeafSize;

    private readonly Lock _writing = new();
    private readonly OutputFile _output;
    private readonly DownloadJournal _journal;
    private readonly string _journalPath;

    private PartialDisk(OutputFile output, DownloadJournal journal, string journalPath)
    {
        _output = output;
        _journal = journal;
        _journalPath = journalPath;
    }

    /// <summary>Whether an interrupted download is continued.</summary>
    public bool IsContinued { get; private init; }

    /// <summary>The file.</summary>
    public DiskFile File => _output.File;

    /// <summary>The absolute path of the file on the way to a target.</summary>
    public static string PathFor(string targetPath) => targetPath + FileSuffix;

    /// <summary>Removes what was only needed on the way to the target.</summary>
    public static void Delete(string targetPath)
    {
        System.IO.File.Delete(PathFor(targetPath));
        System.IO.File.Delete(targetPath + JournalSuffix);
    }

    /// <summary>Starts a download, or continues the one that was interrupted when it is of the same blob, unchanged.</summary>
    /// <param name="source">What is downloaded.</param>
    /// <param name="fileLength">How long the file becomes, in bytes.</param>
    /// <param name="targetPath">The absolute path of the target.</param>
    /// <param name="overwrite">Whether an existing target may be replaced.</param>
    /// <param name="log">Gets what was decided; null for nobody.</param>
    /// <exception cref="DiskOperationException">The target may not be made, or another process is downloading to it.</exception>
    public static PartialDisk Open(StoredDisk source, long fileLength, string targetPath, bool overwrite, IOperationLog? log)
    {
        var output = OutputFile.Continue(targetPath, PathFor(targetPath), overwrite);
        DownloadJournal? journal = null;
        try
        {
            string identity = DownloadJournal.Identify(source, fileLength);
            journal = DownloadJournal.Open(targetPath + JournalSuffix, targetPath);
            bool wasThere = output.File.Length > 0;
            bool isContinued = output.File.Length == fileLength && journal.TryContinue(identity);
            if (isContinued)
            {
                log?.WriteDecision($"An interrupted download to '{targetPath}' is continued: {journal.PieceCount} pieces of it are there.");
            }
            else
            {
                if (wasThere)
                {
                    log?.WriteDecision($"An interrupted download to '{targetPath}' is begun anew: the blob has changed, or it was another one.");
                }

                output.File.SetLength(0);
                output.File.SetLength(fileLength);
                journal.Begin(identity);
            }

            return new PartialDisk(output, journal, targetPath + JournalSuffix) { IsContinued = isContinued };
        }
        catch
        {
            journal?.Dispose();
            output.Dispose();
            throw;
        }
    }

    /// <summary>Reads a piece that an earlier run wrote, and hashes it.</summary>
    /// <returns>False when no earlier run did, or the file does not hold it any more.</returns>
    public bool TryTake(ContentPiece piece, Span<byte> buffer)
    {
        if (!_journal.Has(piece))
        {
            return false;
        }

        File.ReadExactly(piece.Offset, buffer);
        piece.Hash(buffer);
        return _journal.Matches(piece);
    }

    /// <summary>Writes a piece that was hashed, without its zeros, and notes that.</summary>
    public void Write(ContentPiece piece, ReadOnlySpan<byte> data)
    {
        int start = 0;
        for (int index = 0; index < piece.Leaves.Length; index++)
        {
            if (piece.IsZeroLeaf(index) && !HoldsOtherBytes(piece.Offset + ((long)index * LeafSize)))
            {
                WriteRun(piece.Offset, data, start, index * LeafSize);
                start = (index + 1) * LeafSize;
            }
        }

        WriteRun(piece.Offset, data, start, data.Length);
        _journal.Add(piece);
    }

    /// <summary>Gives the file its final name.</summary>
    /// <exception cref="DiskOperationException">The file could not be flushed or renamed.</exception>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await _output.CommitAsync(null, null, cancellationToken).ConfigureAwait(false);
        RemoveJournal();
    }

    /// <summary>Throws the download away: it cannot be continued.</summary>
    public void Discard()
    {
        _output.Discard();
        _output.Dispose();
        RemoveJournal();
    }

    /// <summary>Closes the files; what is not committed stays for the next run.</summary>
    public void Dispose()
    {
        _journal.Dispose();
        _output.Dispose();
    }

    private void RemoveJournal()
    {
        _journal.Dispose();
        System.IO.File.Delete(_journalPath);
    }

    private void WriteRun(long pieceOffset, ReadOnlySpan<byte> data, int start, int end)
    {
        if (end > start)
        {
            // Linux lets one writer at a time into a file, and the others spin: waiting leaves the processor to those who hash.
            lock (_writing)
            {
                File.Write(pieceOffset + start, data[start..end]);
            }
        }
    }

    /// <summary>A file that is continued after a loss of power may hold anything where no piece was noted.</summary>
    private bool HoldsOtherBytes(long offset)
    {
        if (!IsContinued)
        {
            return false;
        }

        Span<byte> buffer = stackalloc byte[4096];
        for (long end = offset + LeafSize; offset < end; offset += buffer.Length)
        {
            File.ReadExactly(offset, buffer);
            if (buffer.ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }
}
