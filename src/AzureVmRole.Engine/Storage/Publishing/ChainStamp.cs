using AzureVmRole.Disks;
using AzureVmRole.Disks.Files;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// What the files of a disk and its parents were when reading began. Locks keep out only programs that ask for them, which
/// a hypervisor on Linux does not.
/// </summary>
internal sealed class ChainStamp
{
    private readonly List<(DiskFile File, long Length, DateTime Time)> _files = [];

    public ChainStamp(VirtualDisk disk)
    {
        for (VirtualDisk? member = disk; member is not null; member = member.Parent)
        {
            _files.Add((member.File, RandomAccess.GetLength(member.File.Handle), File.GetLastWriteTimeUtc(member.File.Handle)));
        }
    }

    /// <exception cref="DiskOperationException">A file was changed since.</exception>
    public void ThrowIfChanged()
    {
        foreach ((DiskFile file, long length, DateTime time) in _files)
        {
            long lengthNow = RandomAccess.GetLength(file.Handle);
            DateTime timeNow = File.GetLastWriteTimeUtc(file.Handle);
            if (lengthNow != length || timeNow != time)
            {
                throw new DiskOperationException(
                    ErrorCode.DiskInUse, file.Path,
                    $"'{file.Path}' was changed while it was uploaded: it has {lengthNow} bytes and was last written to at {timeNow:yyyy-MM-dd HH:mm:ss.fff} UTC, at the start it had {length} bytes of {time:yyyy-MM-dd HH:mm:ss.fff} UTC. The blob is no disk.",
                    "End what writes to the disk (a virtual machine, a backup), then run the command again with -Overwrite.");
            }
        }
    }
}
