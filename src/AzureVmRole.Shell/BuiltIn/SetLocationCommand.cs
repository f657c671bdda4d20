using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Set-Location: chooses where relative paths start.</summary>
[Cmdlet(VerbsCommon.Set, "Location")]
public sealed class SetLocationCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Path { get; set; } = "~";

    protected override void ProcessRecord()
    {
        try
        {
            SessionState.Path.SetLocation(Path);
        }
        catch (SessionStateException error)
        {
            WriteError(error.ErrorRecord);
        }
    }
}
