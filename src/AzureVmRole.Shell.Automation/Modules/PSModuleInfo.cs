namespace System.Management.Automation;

/// <summary>A module.</summary>
public sealed class PSModuleInfo
{
    internal PSModuleInfo(string name, Version version)
    {
        Name = name;
        Version = version;
    }

    /// <summary>The module's name.</summary>
    public string Name { get; }

    /// <summary>The module's version.</summary>
    public Version Version { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
