namespace System.Management.Automation;

/// <summary>A command by name and kind.</summary>
public abstract class CommandInfo
{
    private protected CommandInfo(string name, CommandTypes commandType, string source, Version? version)
    {
        Name = name;
        CommandType = commandType;
        Source = source;
        Version = version;
    }

    /// <summary>The kind of command.</summary>
    public CommandTypes CommandType { get; }

    /// <summary>The command's name.</summary>
    public string Name { get; }

    /// <summary>The name of the module that has the command.</summary>
    public string Source { get; }

    /// <summary>The name of the module that has the command.</summary>
    public string ModuleName => Source;

    /// <summary>The version of the module; null when it is not known.</summary>
    public virtual Version? Version { get; }

    /// <summary>The command's syntax.</summary>
    public abstract string Definition { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
