using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using AzureVmRole.Shell.Binding;

namespace AzureVmRole.Shell.Commands;

/// <summary>The commands of a session by name.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, CmdletInfo> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, CommandDescription> _descriptions = [];

    /// <summary>All commands, in the order they were added.</summary>
    public IReadOnlyCollection<CmdletInfo> Commands => _commands.Values;

    /// <summary>The help file of the module; null where there is none.</summary>
    public string? HelpFile { get; set; }

    public void Add(CmdletInfo command) => _commands[command.Name] = command;

    public void AddAlias(string alias, string name) => _aliases[alias] = name;

    /// <summary>Finds a command by its name, an alias, or its name behind a module's.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out CmdletInfo? command)
    {
        int module = name.IndexOf('\\', StringComparison.Ordinal);
        string simple = name[(module + 1)..];
        if (module < 0 && _aliases.TryGetValue(name, out string? target))
        {
            simple = target;
        }

        return _commands.TryGetValue(simple, out command)
            && (module < 0 || string.Equals(command.Source, name[..module], StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Finds a command.</summary>
    /// <exception cref="CommandNotFoundException">There is none of that name.</exception>
    public CmdletInfo Find(string name) => TryFind(name, out CmdletInfo? command)
        ? command
        : throw new CommandNotFoundException(
            $"The term '{name}' is not recognized as a name of a command of AzureVmRole or of its shell.")
        {
            CommandName = name,
        };

    /// <summary>Returns the parameters and parameter sets of a command.</summary>
    public CommandDescription Describe(CmdletInfo command)
    {
        if (!_descriptions.TryGetValue(command.ImplementingType, out CommandDescription? description))
        {
            description = new CommandDescription(command.ImplementingType);
            _descriptions.Add(command.ImplementingType, description);
        }

        return description;
    }
}
