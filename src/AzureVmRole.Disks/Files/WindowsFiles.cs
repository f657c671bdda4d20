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
    private const int RangesPerCall = 256;
    private const int MoreData = 234; // ERROR_MORE_DATA
    private const uint InvalidSize = 0xFFFFFFFF;

    /// <summary>FSCTL_QUERY_ALLOCATED_RANGES; the whole range where the file system lacks it.</summary>
    public static IEnumerable<FileRange> EnumerateData(SafeFileHandle handle, long fileOffset, long length)
    {
        long end = fileOffset + length;
        byte[] output = new byte[RangeSize * RangesPerCall];
        while (fileOffset < end)
        {
            if (!TryQuery(handle, fileOffset, end - fileOffset, output, out int count, out bool more))
            {
                yield return new FileRange(fileOffset, end - fileOffset);
                yield break;
            }

            for (int index = 0; index < count; index++)
            {
                FileRange range = ReadRange(output.AsSpan(index * RangeSize));
                long from = Math.Max(range.Offset, fileOffset);
                yield return new FileRange(from, Math.Min(range.End, end) - from);
                fileOffset = range.End;
            }

            if (!more || count == 0)
            {
                yield break;
            }
        }
    }

    /// <summary>FSCTL_SET_SPARSE; a file system without sparse files is left as it is.</summary>
    public static void MarkSparse(SafeFileHandle handle) =>
        _ = Control(handle, SetSparseCode, default, 0, default, 0, out _, 0);

    /// <summary>GetCompressedFileSize: for a sparse file, what it occupies.</summary>
    public static long? GetAllocatedLength(string path)
    {
        uint low = GetCompressedSize(path, out uint high);
        return low == InvalidSize && Marshal.GetLastPInvokeError() != 0 ? null : ((long)high << 32) | low;
    }

    private static bool TryQuery(
        SafeFileHandle handle, long fileOffset, long length, byte[] output, out int count, out bool more)
    {
        Span<byte> input = stackalloc byte[RangeSize];
        BinaryPrimitives.WriteInt64LittleEndian(input, fileOffset);
        BinaryPrimitives.WriteInt64LittleEndian(input[8..], length);
        bool done = Control(handle, QueryAllocatedRangesCode, input, RangeSize, output, output.Length, out int bytes, 0);
        more = !done && Marshal.GetLastPInvokeError() == MoreData;
        count = bytes / RangeSize;
        return done || more;
    }

    private static FileRange ReadRange(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source), BinaryPrimitives.ReadInt64LittleEndian(source[8..]));

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool Control(
        SafeFileHandle handle, uint code, ReadOnlySpan<byte> input, int inputSize, Span<byte> output, int outputSize,
        out int bytesReturned, nint overlapped);

    [LibraryImport(
        "kernel32", EntryPoint = "GetCompressedFileSizeW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial uint GetCompressedSize(string path, out uint high);
}
