using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>
/// Where a file holds data and where holes, as the operating system tells, with the last answer remembered: some file
/// systems walk a run page by page to its end each time they are asked, however little of it the question was about.
/// </summary>
internal sealed class HoleMap(SafeFileHandle handle)
{
    private volatile Run? _last;

    /// <summary>Forgets what is known, because the file changes.</summary>
    public void Forget() => _last = null;

    /// <summary>The data ranges inside a range of the file, in order.</summary>
    public IEnumerable<FileRange> EnumerateData(long fileOffset, long length)
    {
        long end = fileOffset + length;
        while (fileOffset < end)
        {
            Run run = RunAt(fileOffset);
            long stop = Math.Min(run.End, end);
            if (run.IsData)
            {
                yield return new FileRange(fileOffset, stop - fileOffset);
            }

            fileOffset = stop;
        }
    }

    private Run RunAt(long fileOffset)
    {
        if (_last is { } last && fileOffset >= last.Start && fileOffset < last.End)
        {
            return last;
        }

        (bool isData, long end) = SparseFiles.RunAt(handle, fileOffset);
        var run = new Run(fileOffset, end, isData);
        _last = run;
        return run;
    }

    private sealed record Run(long Start, long End, bool IsData);
}
