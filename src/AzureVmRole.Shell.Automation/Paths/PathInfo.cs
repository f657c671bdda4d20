namespace System.Management.Automation;

/// <summary>A path with its drive and provider.</summary>
public sealed class PathInfo
{
    internal PathInfo(PSDriveInfo? drive, ProviderInfo provider, string path)
    {
        Drive = drive;
        Provider = provider;
        Path = path;
    }

    /// <summary>The drive; null when the path names none.</summary>
    public PSDriveInfo? Drive { get; }

    /// <summary>The provider.</summary>
    public ProviderInfo Provider { get; }

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The path as the provider reads it.</summary>
    public string ProviderPath => Path;

    /// <inheritdoc/>
    public override string ToString() => Path;
}
