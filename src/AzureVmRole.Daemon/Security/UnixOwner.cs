using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Daemon.Security;

/// <summary>Whose files are, on Linux and macOS: the runtime library does not tell.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixOwner
{
    private const int EmptyPathFlag = 0x1000; // AT_EMPTY_PATH
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint StatxOwner = 0x8; // STATX_UID
    private const int StatxSize = 256;
    private const int StatxOwnerOffset = 20; // struct statx, stx_uid: the same on every architecture.

    /// <summary>Whether an open file is the caller's own.</summary>
    public static bool IsOwn(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            return ChangeMode(handle, (uint)File.GetUnixFileMode(handle)) == 0;
        }

        Span<byte> status = stackalloc byte[StatxSize];
        return StatusOfFile(handle, "", EmptyPathFlag, StatxOwner, status) == 0 && IsOwn(status);
    }

    /// <summary>Whether a folder is the caller's own; links are followed.</summary>
    public static bool IsOwn(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return ChangeModeOfPath(path, (uint)File.GetUnixFileMode(path)) == 0;
        }

        Span<byte> status = stackalloc byte[StatxSize];
        return StatusOfPath(CurrentFolder, path, 0, StatxOwner, status) == 0 && IsOwn(status);
    }

    private static bool IsOwn(ReadOnlySpan<byte> status) => BinaryPrimitives.ReadUInt32LittleEndian(status[StatxOwnerOffset..]) == EffectiveUser();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatusOfFile(SafeFileHandle folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatusOfPath(int folder, string path, int flags, uint mask, Span<byte> status);

    // fchmod(2) and chmod(2) are allowed to the owner only: changing a mode to what it is asks who that is.
    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    private static partial int ChangeMode(SafeFileHandle handle, uint mode);

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeModeOfPath(string path, uint mode);
}
