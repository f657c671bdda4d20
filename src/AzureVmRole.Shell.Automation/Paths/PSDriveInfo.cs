namespace System.Management.Automation;

/// <summary>A drive.</summary>
public sealed class PSDriveInfo
{
    internal PSDriveInfo(string name, ProviderInfo provider, string root)
    {
        Name = name;
        Provider = provider;
        Root = root;
    }

    /// <summary>The drive's name, without a colon.</summary>
    public string Name { get; }

    /// <summary>What stands behind it.</summary>
    public ProviderInfo Provider { get; }

    /// <summary>The provider's path of its root.</summary>
    public string Root { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
