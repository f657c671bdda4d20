namespace AzureVmRole.Disks.Files;

/// <summary>
/// Lets two files share blocks where the file system can (FICLONERANGE on Btrfs, XFS and others), so that nothing is copied.
/// The first refusal ends the attempts: a file system that cannot, or files on different ones, will not change their mind.
/// </summary>
internal sealed class FileCloner
{
    /// <summary>The block that file systems share at least; ranges are cut to it.</summary>
    private const long BlockSize = 4096;

    private volatile bool _isRefused = !OperatingSystem.IsLinux();

    /// <summary>Shares as much of a range as block boundaries allow.</summary>
    /// <returns>The part of the source range that the target has now; empty when nothing was shared.</returns>
    public FileRange Clone(FilePlace source, FilePlace target, long length)
    {
        var nothing = new FileRange(source.Offset, 0);
        if (_isRefused || source.Offset % BlockSize != target.Offset % BlockSize || source.File.IsOverlaid(source.Offset, length))
        {
            return nothing;
        }

        long start = (source.Offset + BlockSize - 1) / BlockSize * BlockSize;
        long end = (source.Offset + length) / BlockSize * BlockSize;
        if (end <= start)
        {
            return nothing;
        }

        var range = new FileRange(start, end - start);
        long targetOffset = target.Offset + (start - source.Offset);
        if (UnixFiles.TryCloneRange(source.File.Handle, range, target.File.Handle, targetOffset))
        {
            return range;
        }

        _isRefused = true;
        return nothing;
    }
}
