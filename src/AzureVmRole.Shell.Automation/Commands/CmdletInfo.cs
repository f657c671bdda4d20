namespace System.Management.Automation;

/// <summary>A compiled command.</summary>
public sealed class CmdletInfo : CommandInfo
{
    /// <summary>Names the command <paramref name="name"/>, which <paramref name="implementingType"/> implements.</summary>
    public CmdletInfo(string name, Type implementingType)
        : this(name, implementingType, "", null)
    {
    }

    internal CmdletInfo(string name, Type implementingType, string source, Version? version)
        : base(name, CommandTypes.Cmdlet, source, version)
    {
        ImplementingType = implementingType;
    }

    /// <summary>The class of the cmdlet.</summary>
    public Type ImplementingType { get; }

    /// <summary>The part of the name before the hyphen.</summary>
    public string Verb => Name[..Math.Max(0, Name.IndexOf('-', StringComparison.Ordinal))];

    /// <summary>The part of the name after the hyphen.</summary>
    public string Noun => Name[(Name.IndexOf('-', StringComparison.Ordinal) + 1)..];

    /// <inheritdoc/>
    public override string Definition => Name;
}
