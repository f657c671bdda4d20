using System.Runtime.InteropServices;

namespace AzureVmRole.Daemon.Hosting;

/// <summary>
/// Leaves the terminal that this process was started from, and its process group: a Ctrl-C there is meant for what stands in front, not for this process and the guests that it starts.
/// A shell's job control would do it too, but takes the terminal for itself.
/// </summary>
internal static partial class OwnSession
{
    /// <summary>The first argument of whoever wants it.</summary>
    public const string Option = "--own-session";

    /// <summary>Does it; nothing on Windows, where a process without a window has no such terminal.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
        {
            // Refused to the first process of a group: that is on its own already.
            _ = SetSid();
        }
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();
}
