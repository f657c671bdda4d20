using System.Management.Automation;
using AzureVmRole.Shell.Commands;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Get-Command: the commands there are.</summary>
[Cmdlet(VerbsCommon.Get, "Command")]
[OutputType(typeof(CmdletInfo))]
public sealed class GetCommandCommand : CommandAwareCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public string[] Verb { get; set; } = [];

    [Parameter]
    public string[] Noun { get; set; } = [];

    [Parameter]
    public string[] Module { get; set; } = [];

    [Parameter]
    public SwitchParameter Syntax { get; set; }

    protected override void ProcessRecord()
    {
        List<CmdletInfo> found = [];
        foreach (CmdletInfo command in Commands.Commands)
        {
            bool fits = Fits(Name, command.Name)
                && Fits(Verb, command.Verb)
                && Fits(Noun, command.Noun)
                && Fits(Module, command.Source);
            if (fits)
            {
                found.Add(command);
            }
        }

        found.Sort((left, right) => StringComparer.OrdinalIgnoreCase.Compare(left.Name, right.Name));
        foreach (CmdletInfo command in found)
        {
            Write(command);
        }

        WriteMissing();
    }

    private static bool Fits(string[] patterns, string text) =>
        patterns.Length == 0
        || Array.Exists(patterns, pattern => new WildcardPattern(pattern, WildcardOptions.IgnoreCase).IsMatch(text));

    private void Write(CmdletInfo command)
    {
        if (Syntax)
        {
            WriteObject(CommandSyntaxText.Lines(Commands.Describe(command)), enumerateCollection: true);
        }
        else
        {
            WriteObject(command);
        }
    }

    private void WriteMissing()
    {
        foreach (string name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name) || Commands.TryFind(name, out CmdletInfo? command)
                && string.Equals(command.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (command is not null)
            {
                Write(command);
                continue;
            }

            CommandNotFoundException error = new($"The term '{name}' is not recognized as a name of a command.");
            WriteError(new ErrorRecord(error, nameof(CommandNotFoundException), ErrorCategory.ObjectNotFound, name));
        }
    }
}
