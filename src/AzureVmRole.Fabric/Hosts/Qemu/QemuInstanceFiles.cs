namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>What a host keeps of an instance beside its disks, in the instance's folder. None of it is a secret of the caller's; only the owner can open it nevertheless.</summary>
internal sealed class QemuInstanceFiles(string instancesPath, string instanceId)
{
    private readonly string _folder = InstanceFolder.PathOf(instancesPath, instanceId);

    /// <summary>The serial console of the present boot, or of the last one.</summary>
    public string ConsolePath => Path.Combine(_folder, "console.log");

    /// <summary>The screen, a PNG.</summary>
    public string ScreenPath => Path.Combine(_folder, "screen.png");

    /// <summary>The temporary disk: a sparse file.</summary>
    public string TemporaryDiskPath => Path.Combine(_folder, "temporary.raw");

    /// <summary>Where console and screen of an instance are that does not run; null when it never ran here.</summary>
    public static GuestAccess? FindAccess(string instancesPath, string instanceId)
    {
        var files = new QemuInstanceFiles(instancesPath, instanceId);
        return File.Exists(files.ConsolePath) ? files.AccessAt(endpoint: null, guestPort: 0) : null;
    }

    public GuestAccess AccessAt(string? endpoint, int guestPort) => new(ConsolePath, ScreenPath, guestPort, endpoint);

    /// <summary>Makes the folder and, where there is none, the temporary disk.</summary>
    /// <exception cref="IOException">The volume is full, or cannot be written.</exception>
    public void Make(long temporaryDiskInMiB)
    {
        InstanceFolder.Make(_folder);
        if (temporaryDiskInMiB > 0 && !File.Exists(TemporaryDiskPath))
        {
            using FileStream disk = File.Create(TemporaryDiskPath);
            disk.SetLength(temporaryDiskInMiB << 20);
        }
    }

    /// <summary>Removes everything, and the folder when nothing else is in it.</summary>
    public void Remove()
    {
        if (Directory.Exists(_folder))
        {
            File.Delete(ConsolePath);
            File.Delete(ConsolePath + ConsoleFile.HalfSuffix);
            File.Delete(ScreenPath);
            File.Delete(TemporaryDiskPath);
            InstanceFolder.RemoveEmpty(_folder);
        }
    }
}
