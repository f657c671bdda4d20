using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Import-Module: takes this module, which is loaded already, and refuses others.</summary>
[Cmdlet(VerbsData.Import, "Module")]
public sealed class ImportModuleCommand : PSCmdlet
{
    private const string ModuleName = "AzureVmRole";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string[] Name { get; set; } = [];

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            string simple = SessionState.Path.ParseChildName(name);
            string[] accepted = [ModuleName, ModuleName + ".psd1", "AzureVmRole.PowerShell.dll"];
            bool isFolder = simple.StartsWith('.') && File.Exists(
                Path.Combine(GetUnresolvedProviderPathFromPSPath(name), ModuleName + ".psd1"));
            if (!isFolder && !accepted.Contains(simple, StringComparer.OrdinalIgnoreCase))
            {
                PSInvalidOperationException error = new(
                    $"The module '{name}' cannot be loaded: azvmrole runs the cmdlets of {ModuleName} only.");
                WriteError(new ErrorRecord(error, "ModuleNotSupported", ErrorCategory.ResourceUnavailable, name));
            }
        }
    }
}
