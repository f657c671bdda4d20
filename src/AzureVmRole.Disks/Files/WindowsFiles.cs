using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>Calls to Windows that the runtime library does not offer.</summary>
internal static partial class WindowsFiles
{
    private const uint SetSparseCode = 0x000900C4; // FSCTL_SET_SPARSE
    private const uint QueryAllocatedRangesCode = 0x000940CF; // FSCTL_QUERY_ALLOCATED_RANGES
    private const int RangeSize = 16; // FILE_ALLOCATED_RANGE_BUFFER: two 64-bit integers.
    private const int MoreData = 234; // ERROR_MORE_DATA
    private const uint SetZeroDataCode = 0x000980C8; // FSCTL_SET_ZERO_DATA
    private const uint LockNonBlocking = 1; // LOCKFILE_FAIL_IMMEDIATELY
    private const uint LockExclusive = 2; // LOCKFILE_EXCLUSIVE_LOCK
    private const int OverlappedSize = 32; // OVERLAPPED on 64 bits: two pointers, the offset's halves, an event.
    private const int OverlappedOffset = 16;
    private const long LockOffset = 0x7FFF_FFFF_0000_0000;
    private const uint InvalidSize = 0xFFFFFFFF;

    /// <summary>FSCTL_QUERY_ALLOCATED_RANGES, for one range; all is data where the file system lacks it.</summary>
    public static (bool IsData, long End) RunAt(SafeFileHandle handle, long fileOffset)
    {
        Span<byte> question = stackalloc byte[RangeSize];
        Span<byte> answer = stackalloc byte[RangeSize];
        BinaryPrimitives.WriteInt64LittleEndian(question, fileOffset);
        BinaryPrimitives.WriteInt64LittleEndian(question[8..], long.MaxValue - fileOffset);
        bool isWhole = Control(
            handle, QueryAllocatedRangesCode, question, RangeSize, answer, RangeSize, out int bytes, 0);
        if (!isWhole && Marshal.GetLastPInvokeError() != MoreData)
        {
            return (true, long.MaxValue);
        }

        if (bytes < RangeSize)
        {
            return (false, long.MaxValue);
        }

        long start = BinaryPrimitives.ReadInt64LittleEndian(answer);
        long end = start + BinaryPrimitives.ReadInt64LittleEndian(answer[8..]);
        return start > fileOffset ? (false, start) : (true, end);
    }

    /// <summary>FSCTL_SET_SPARSE; a file system without sparse files is left as it is.</summary>
    public static void MarkSparse(SafeFileHandle handle) =>
        _ = Control(handle, SetSparseCode, default, 0, default, 0, out _, 0);

    /// <summary>FSCTL_SET_ZERO_DATA: in a sparse file, whole allocation units become holes.</summary>
    public static bool TryPunchHole(SafeFileHandle handle, FileRange range)
    {
        Span<byte> question = stackalloc byte[RangeSize];
        BinaryPrimitives.WriteInt64LittleEndian(question, range.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(question[8..], range.End);
        return Control(handle, SetZeroDataCode, question, RangeSize, default, 0, out _, 0);
    }

    /// <summary>LockFileEx of a byte far beyond any data, without waiting.</summary>
    public static bool TryLock(SafeFileHandle handle, bool isExclusive)
    {
        Span<byte> place = stackalloc byte[OverlappedSize];
        PutLockOffset(place);
        return LockFile(handle, LockNonBlocking | (isExclusive ? LockExclusive : 0), 0, 1, 0, place);
    }

    /// <summary>Gives the lock of <see cref="TryLock"/> back.</summary>
    public static void Unlock(SafeFileHandle handle)
    {
        Span<byte> place = stackalloc byte[OverlappedSize];
        PutLockOffset(place);
        _ = UnlockFile(handle, 0, 1, 0, place);
    }

    /// <summary>GetCompressedFileSize: for a sparse file, what it occupies.</summary>
    public static long? GetAllocatedLength(string path)
    {
        uint low = GetCompressedSize(path, out uint high);
        return low == InvalidSize && Marshal.GetLastPInvokeError() != 0 ? null : ((long)high << 32) | low;
    }

    private static void PutLockOffset(Span<byte> overlapped) =>
        BinaryPrimitives.WriteInt64LittleEndian(overlapped[OverlappedOffset..], LockOffset);

    [LibraryImport("kernel32", EntryPoint = "LockFileEx", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LockFile(
        SafeFileHandle handle, uint flags, uint reserved, uint lengthLow, uint lengthHigh, Span<byte> overlapped);

    [LibraryImport("kernel32", EntryPoint = "UnlockFileEx", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool UnlockFile(SafeFileHandle handle, uint reserved, uint lengthLow, uint lengthHigh, Span<byte> overlapped);

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Control(
        SafeFileHandle handle, uint code, ReadOnlySpan<byte> input, int inputSize, Span<byte> output, int outputSize,
        out int bytesReturned, nint overlapped);

    [LibraryImport(
        "kernel32", EntryPoint = "GetCompressedFileSizeW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial uint GetCompressedSize(string path, out uint high);
}
