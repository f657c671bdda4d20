using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Disks.Files;

/// <summary>Writing of large buffers to files.</summary>
public static class FileWrites
{
    /// <summary>
    /// The most that one call writes, in bytes. For longer writes Linux takes page-cache folios of up to 2 MiB, which come from
    /// memory that nobody has touched yet: on ext4, 2 GiB cost two to six times the processor time (measured with 1, 2 and 4 MiB).
    /// </summary>
    private const int LongestWrite = 256 << 10;

    /// <summary>Writes all of <paramref name="data"/> at <paramref name="fileOffset"/>.</summary>
    /// <exception cref="IOException">The operating system could not write; some of the data may be in the file.</exception>
    public static void Write(SafeFileHandle handle, ReadOnlySpan<byte> data, long fileOffset)
    {
        while (data.Length > 0)
        {
            ReadOnlySpan<byte> piece = data[..Math.Min(LongestWrite, data.Length)];
            RandomAccess.Write(handle, piece, fileOffset);
            data = data[piece.Length..];
            fileOffset += piece.Length;
        }
    }
}
