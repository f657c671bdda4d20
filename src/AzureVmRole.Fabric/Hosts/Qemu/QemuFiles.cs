namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>The files of one boot, in a folder of its own that nobody else may look into. Its path is short: a socket's has 108 bytes at most.</summary>
internal sealed class QemuFiles : IDisposable
{
    private QemuFiles(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>The socket of the machine protocol.</summary>
    public string MonitorPath => Path.Combine(Folder, "monitor");

    /// <summary>The socket of the serial console.</summary>
    public string ConsolePath => Path.Combine(Folder, "console");

    /// <summary>The socket of the network adapter.</summary>
    public string NetworkPath => Path.Combine(Folder, "network");

    /// <summary>The firmware's variables.</summary>
    public string VariablesPath => Path.Combine(Folder, "variables");

    /// <summary>The provisioning media.</summary>
    public string MediaPath => Path.Combine(Folder, "media.iso");

    /// <summary>Makes the folder.</summary>
    public static QemuFiles Make() => new(Directory.CreateTempSubdirectory("azvmrole-").FullName);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The watch beside QEMU has removed it, where there is one.
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
