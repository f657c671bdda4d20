using System.Management.Automation;
using AzureVmRole.Shell.Binding;
using AzureVmRole.Shell.Commands;
using AzureVmRole.Shell.Help;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Get-Help: a command's help page.</summary>
[Cmdlet(VerbsCommon.Get, "Help", DefaultParameterSetName = "Page")]
[OutputType(typeof(string))]
public sealed class GetHelpCommand : CommandAwareCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    public string? Name { get; set; }

    [Parameter(ParameterSetName = "Page")]
    public SwitchParameter Full { get; set; }

    [Parameter(ParameterSetName = "Page")]
    public SwitchParameter Detailed { get; set; }

    [Parameter(ParameterSetName = "Examples", Mandatory = true)]
    public SwitchParameter Examples { get; set; }

    [Parameter(ParameterSetName = "Parameter", Mandatory = true)]
    public string[] Parameter { get; set; } = [];

    protected override void ProcessRecord()
    {
        if (Name is null)
        {
            WriteObject("Get-Command lists the commands; Get-Help and a command's name explain it, with -Full, -Examples or "
                + "-Parameter and a name for more.");
            return;
        }

        string topic = Path.Combine(Path.GetDirectoryName(Commands.HelpFile) ?? "", Name + ".help.txt");
        if (Name.StartsWith("about_", StringComparison.OrdinalIgnoreCase) && File.Exists(topic))
        {
            WriteObject(File.ReadAllText(topic));
            return;
        }

        if (!Commands.TryFind(Name, out CmdletInfo? command))
        {
            PSInvalidOperationException error = new($"Get-Help could not find {Name} in this session.");
            WriteError(new ErrorRecord(error, "HelpNotFound", ErrorCategory.ObjectNotFound, Name));
            return;
        }

        Write(command);
    }

    private void Write(CmdletInfo command)
    {
        CommandDescription description = Commands.Describe(command);
        HelpPage page = (Commands.HelpFile is { } file && File.Exists(file) ? HelpFileReader.Read(file, command.Name) : null)
            ?? new HelpPage { Name = command.Name };
        if (Examples)
        {
            WriteObject(HelpText.WriteExamples(page));
        }
        else if (Parameter.Length > 0)
        {
            WriteParameters(page, description);
        }
        else
        {
            WriteObject(HelpText.Write(page, CommandSyntaxText.Lines(description), Full || Detailed));
        }
    }

    private void WriteParameters(HelpPage page, CommandDescription description)
    {
        foreach (string pattern in Parameter)
        {
            WildcardPattern wildcard = new(pattern, WildcardOptions.IgnoreCase);
            List<HelpParameter> found = [.. page.Parameters.Where(parameter => wildcard.IsMatch(parameter.Name))];
            if (found.Count == 0)
            {
                PSInvalidOperationException error = new($"{description.Name} has no help for a parameter '{pattern}'.");
                WriteError(new ErrorRecord(error, "NoParmsFound", ErrorCategory.ObjectNotFound, pattern));
                continue;
            }

            WriteObject(HelpText.WriteParameters(found));
        }
    }
}
