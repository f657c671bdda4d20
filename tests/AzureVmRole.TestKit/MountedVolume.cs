namespace AzureVmRole.TestKit;

/// <summary>A volume of a few MiB in memory, mounted over a folder. Only root may mount one.</summary>
public sealed class MountedVolume : IAsyncDisposable
{
    private const string FillerName = "filler";

    private MountedVolume(string path) => Path = path;

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Mounts a volume over a folder, which is made when it is missing.</summary>
    /// <returns>Null where that is not possible.</returns>
    public static async Task<MountedVolume?> TryMountAsync(string path, int mebibytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(path);
        bool isMounted = ExternalProgram.IsInstalled("mount")
            && (await ExternalProgram.RunAsync(cancellationToken, "mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path)).ExitCode == 0;
        return isMounted ? new MountedVolume(path) : null;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using FileStream file = File.Open(System.IO.Path.Combine(Path, FillerName), FileMode.Append);
        byte[] piece = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(piece);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    /// <summary>Gives that room back.</summary>
    public void Drain() => File.Delete(System.IO.Path.Combine(Path, FillerName));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Lazily: a process that was killed gives its files back a moment later.
        await ExternalProgram.RunAsync(CancellationToken.None, "umount", "--lazy", Path);
    }
}
