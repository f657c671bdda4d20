using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>Calls to Linux and macOS that the runtime library does not offer.</summary>
internal static partial class UnixFiles
{
    private const int NoSuchAddress = 6; // ENXIO: no data from here to the end of the file.
    private const int OpenReadOnly = 0;
    private const int EmptyPathFlag = 0x1000; // AT_EMPTY_PATH
    private const uint StatxBlocks = 0x400; // STATX_BLOCKS
    private const int StatxSize = 256;
    private const int StatxBlocksOffset = 48; // struct statx, stx_blocks: the same on every architecture.

    private const nuint CloneRangeCode = 0x4020940D; // FICLONERANGE
    private const int CloneRangeSize = 32; // struct file_clone_range: four 64-bit integers.

    private const int PunchHoleKeepSize = 3; // FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE
    private const int LockShared = 1; // LOCK_SH and so on: the same on Linux and macOS.
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;

    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint StatxBasic = 0x7FF; // STATX_BASIC_STATS
    private const int StatxLinksOffset = 16;
    private const int StatxModeOffset = 28;
    private const int StatxInodeOffset = 32;
    private const int StatxDeviceOffset = 136; // Major and minor number, 32 bits each.

    private static int SeekData => OperatingSystem.IsMacOS() ? 4 : 3;

    private static int SeekHole => OperatingSystem.IsMacOS() ? 3 : 4;

    /// <summary>SEEK_DATA and SEEK_HOLE (lseek(2)); positional reads elsewhere are not disturbed by the seeks.</summary>
    public static (bool IsData, long End) RunAt(SafeFileHandle handle, long fileOffset)
    {
        long data = Seek(handle, fileOffset, SeekData);
        if (data < 0)
        {
            // ENXIO: no data up to the end of the file. Any other error: the file system does not know holes.
            return (Marshal.GetLastPInvokeError() != NoSuchAddress, long.MaxValue);
        }

        if (data > fileOffset)
        {
            return (false, data);
        }

        long hole = Seek(handle, fileOffset, SeekHole);
        return (true, hole > fileOffset ? hole : long.MaxValue);
    }

    /// <summary>statx(2), stx_blocks; null where the C library or the kernel lacks it.</summary>
    public static long? GetAllocatedLength(SafeFileHandle handle)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        try
        {
            return Status(handle, "", EmptyPathFlag, StatxBlocks, status) == 0
                ? BinaryPrimitives.ReadInt64LittleEndian(status[StatxBlocksOffset..]) * 512
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>statx(2) of a path, links followed; null where there is nothing, or the C library or the kernel lacks it.</summary>
    public static FileStatus? GetStatus(string path)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        try
        {
            return StatusOfPath(CurrentFolder, path, 0, StatxBasic, status) == 0 ? ParseStatus(status) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>statx(2) of an open file.</summary>
    public static FileStatus? GetStatus(SafeFileHandle handle)
    {
        Span<byte> status = stackalloc byte[StatxSize];
        try
        {
            return Status(handle, "", EmptyPathFlag, StatxBasic, status) == 0 ? ParseStatus(status) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>FICLONERANGE (ioctl_ficlonerange(2), Linux): the target shares the source's blocks.</summary>
    public static bool TryCloneRange(SafeFileHandle source, FileRange range, SafeFileHandle target, long targetOffset)
    {
        Span<byte> argument = stackalloc byte[CloneRangeSize];
        BinaryPrimitives.WriteInt64LittleEndian(argument, source.DangerousGetHandle());
        BinaryPrimitives.WriteInt64LittleEndian(argument[8..], range.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(argument[16..], range.Length);
        BinaryPrimitives.WriteInt64LittleEndian(argument[24..], targetOffset);
        return Control(target, CloneRangeCode, argument) == 0;
    }

    /// <summary>copy_file_range(2) (Linux) to the same place of the target: the bytes do not come up to this process.</summary>
    /// <returns>How many bytes were copied; 0 or less when none could be.</returns>
    public static long CopyRange(SafeFileHandle source, FileRange range, SafeFileHandle target)
    {
        long from = range.Offset;
        long to = range.Offset;
        try
        {
            return CopyFileRange(source, ref from, target, ref to, (nuint)range.Length, 0);
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>fallocate(2) with FALLOC_FL_PUNCH_HOLE (Linux).</summary>
    public static bool TryPunchHole(SafeFileHandle handle, FileRange range) =>
        Allocate(handle, PunchHoleKeepSize, range.Offset, range.Length) == 0;

    /// <summary>flock(2), without waiting. The lock belongs to the open file, so handles of one process lock each other out, too.</summary>
    public static bool TryLock(SafeFileHandle handle, bool isExclusive) =>
        Lock(handle, (isExclusive ? LockExclusive : LockShared) | LockNonBlocking) == 0;

    /// <summary>Gives the lock of <see cref="TryLock"/> back.</summary>
    public static void Unlock(SafeFileHandle handle) => _ = Lock(handle, LockRelease);

    /// <summary>Brings a folder's entries (a rename, a deletion) to stable storage.</summary>
    public static void FlushFolder(string folder)
    {
        int descriptor = OpenDescriptor(folder, OpenReadOnly);
        if (descriptor >= 0)
        {
            _ = Synchronize(descriptor);
            _ = CloseDescriptor(descriptor);
        }
    }

    private static FileStatus ParseStatus(ReadOnlySpan<byte> status) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(status[StatxDeviceOffset..]),
        BinaryPrimitives.ReadUInt64LittleEndian(status[StatxInodeOffset..]),
        BinaryPrimitives.ReadUInt32LittleEndian(status[StatxLinksOffset..]),
        BinaryPrimitives.ReadUInt16LittleEndian(status[StatxModeOffset..]));

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatusOfPath(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Status(SafeFileHandle folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle handle, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "copy_file_range", SetLastError = true)]
    private static partial nint CopyFileRange(
        SafeFileHandle source, ref long sourceOffset, SafeFileHandle target, ref long targetOffset, nuint length, uint flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);
}
