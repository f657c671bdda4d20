namespace AzureVmRole.Fabric;

/// <summary>Where a fabric keeps its files.</summary>
/// <param name="Root">The absolute path of the home folder.</param>
public sealed record FabricHome(string Root)
{
    /// <summary>The fabric's own folder: database, lock, certificate, token. Only its owner can open it.</summary>
    public string Folder => Path.Combine(Root, "fabric");

    /// <summary>The state.</summary>
    public string DatabasePath => Path.Combine(Folder, "fabric.db");

    /// <summary>The copy of the state that is made when the fabric starts and when it stops.</summary>
    public string BackupPath => DatabasePath + ".backup";

    /// <summary>Locked by the fabric that runs.</summary>
    public string LockPath => Path.Combine(Folder, "fabric.lock");

    /// <summary>Says who holds the lock: a locked file cannot be read by others on every platform.</summary>
    public string HolderPath => Path.Combine(Folder, "fabric.holder");

    /// <summary>What hosts keep of their guests, a folder each.</summary>
    public string InstancesPath => Path.Combine(Root, "instances");

    /// <summary>The store of a location.</summary>
    public string StorePath(string location) => Path.Combine(Root, "store", location);
}
