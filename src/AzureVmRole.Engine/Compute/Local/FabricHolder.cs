using System.Text.Json;
using System.Text.Json.Nodes;
using AzureVmRole.Disks.Files;
using AzureVmRole.Engine.Compute.Connecting;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Engine.Compute.Local;

/// <summary>The fabric that has a home folder, from before it answers until its process ends: the lock counts, the words beside it say which process it is.</summary>
/// <param name="ProcessId">The process; null when it has not said.</param>
/// <param name="Machine">The machine that it runs on; null when it has not said.</param>
internal sealed record FabricHolder(int? ProcessId, string? Machine)
{
    /// <summary>Who has a home folder; null for nobody.</summary>
    /// <exception cref="FabricException">FabricUnreachable: the lock cannot be looked at.</exception>
    public static FabricHolder? Find(string home)
    {
        string folder = Path.Combine(home, "fabric");
        return IsLocked(Path.Combine(folder, "fabric.lock")) ? Read(Path.Combine(folder, "fabric.holder")) : null;
    }

    /// <summary>Whether it may be the one that wrote a note, so that it can be asked.</summary>
    public bool IsNamedBy(FabricNote? note) => note is not null && (ProcessId is null || note.ProcessId is null || ProcessId == note.ProcessId);

    /// <summary>As messages say it.</summary>
    public override string ToString() => ProcessId is { } id
        ? $"process {id}{(Machine is null || Machine == Environment.MachineName ? "" : $" on '{Machine}'")}"
        : "a process that has not said which it is";

    // A shared lock: those who look do not see each other.
    private static bool IsLocked(string path)
    {
        try
        {
            // Opening takes a lock by itself on Unix, and fails where another one holds it.
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return !FileLock.TryTake(handle, isExclusive: false);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new FabricException(
                ErrorCode.FabricUnreachable, path, $"'{path}' cannot be opened, so it cannot be told whether a fabric has the home folder: {failure.Message}",
                "Do it as the user who has started the fabric.", failure);
        }
    }

    private static FabricHolder Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject words
                ? new FabricHolder(words["processId"]?.GetValue<int>(), words["machine"]?.GetValue<string>())
                : new FabricHolder(null, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or FormatException)
        {
            // It has not written them yet, or is going.
            return new FabricHolder(null, null);
        }
    }
}
