namespace System.Management.Automation;

/// <summary>A drive.</summary>
public sealed class PSDriveInfo : IEquatable<PSDriveInfo>
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

    /// <summary>Whether both have the same name.</summary>
    public static bool operator ==(PSDriveInfo? drive1, PSDriveInfo? drive2) =>
        drive1 is null ? drive2 is null : drive1.Equals(drive2);

    /// <summary>Whether they have different names.</summary>
    public static bool operator !=(PSDriveInfo? drive1, PSDriveInfo? drive2) => !(drive1 == drive2);

    /// <inheritdoc/>
    public bool Equals(PSDriveInfo? other) =>
        string.Equals(Name, other?.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PSDriveInfo);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
