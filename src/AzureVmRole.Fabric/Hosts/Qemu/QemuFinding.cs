namespace AzureVmRole.Fabric.Hosts.Qemu;

/// <summary>Finds QEMU once for all who ask. What was not found is looked for again: somebody may have installed it meanwhile.</summary>
/// <param name="scratchPath">A folder for the probe's disk.</param>
internal sealed class QemuFinding(string scratchPath)
{
    private readonly Lock _lock = new();
    private Task<QemuInstallation>? _found;

    /// <summary>The program and what it can.</summary>
    /// <exception cref="FabricException">HostNotAvailable: there is none, or it is too old.</exception>
    public Task<QemuInstallation> FindAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_found is null or { IsFaulted: true })
            {
                _found = QemuSearch.FindAsync(searchPath: null, scratchPath, CancellationToken.None);
            }

            return _found.WaitAsync(cancellationToken);
        }
    }
}
