using System.Text.Json;
using System.Text.Json.Nodes;
using AzureVmRole.Disks.Files;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Fabric;

/// <summary>Keeps a home folder for one fabric. Ends with its process, however that ends.</summary>
internal sealed class FabricLock : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly string _holderPath;

    private FabricLock(SafeFileHandle handle, string holderPath)
    {
        _handle = handle;
        _holderPath = holderPath;
    }

    /// <summary>Takes the lock, and writes down who has it.</summary>
    /// <exception cref="FabricException">FabricInUse: another fabric has it; the message says which.</exception>
    public static FabricLock Take(FabricHome home, TimeProvider clock)
    {
        SafeFileHandle? handle = null;
        try
        {
            // Opening takes a lock by itself on Unix, and fails where another one holds it.
            handle = File.OpenHandle(home.LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (!FileLock.TryTake(handle, isExclusive: true))
            {
                throw InUse(home, null);
            }

            WriteHolder(home.HolderPath, clock);
            return new FabricLock(handle, home.HolderPath);
        }
        catch (IOException exception) when (handle is null && exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw InUse(home, exception);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(_holderPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only words for people: the lock below is what counts, and the next holder writes its own.
        }

        _handle.Dispose();
    }

    private static void WriteHolder(string path, TimeProvider clock)
    {
        try
        {
            File.WriteAllText(path, Describe(clock));
        }
        catch (IOException)
        {
            // Only words for people, for which a full volume has no room; the lock counts.
        }
    }

    private static string Describe(TimeProvider clock) => new JsonObject
    {
        ["processId"] = Environment.ProcessId,
        ["machine"] = Environment.MachineName,
        ["since"] = clock.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
    }.ToJsonString();

    private static FabricException InUse(FabricHome home, IOException? cause) => new(
        ErrorCode.FabricInUse, home.Root, $"Another fabric uses the home folder '{home.Root}'{ReadHolder(home.HolderPath)}.",
        "Use that fabric (Connect-Fabric), stop it (Stop-LocalFabric), or give another home folder.", cause);

    private static string ReadHolder(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject holder
                ? $": process {holder["processId"]} on '{holder["machine"]}', since {holder["since"]}"
                : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // The holder has not written it yet, or is going; the lock alone is reason enough.
            return "";
        }
    }
}
