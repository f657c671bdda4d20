namespace AzureVmRole.Fabric.Proofs;

/// <summary>A folder that only this account may look into, and that goes with this object.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("azvmrole-").FullName;

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
