namespace System.Management.Automation;

/// <summary>What stands behind a drive. The built-in shell knows FileSystem, and the names of PowerShell's others.</summary>
public sealed class ProviderInfo
{
    internal ProviderInfo(string name, Type implementingType, string home)
    {
        Name = name;
        ImplementingType = implementingType;
        Home = home;
    }

    /// <summary>The provider's name.</summary>
    public string Name { get; }

    /// <summary>The provider's name with the module that has it.</summary>
    public string ModuleName => "Microsoft.PowerShell.Core";

    /// <summary>The class of the provider.</summary>
    public Type ImplementingType { get; }

    /// <summary>What <c>~</c> stands for.</summary>
    public string Home { get; set; }

    /// <inheritdoc/>
    public override string ToString() => ModuleName + "\\" + Name;
}
