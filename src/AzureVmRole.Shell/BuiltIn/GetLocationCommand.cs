using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Get-Location: where relative paths start.</summary>
[Cmdlet(VerbsCommon.Get, "Location")]
[OutputType(typeof(PathInfo))]
public sealed class GetLocationCommand : PSCmdlet
{
    protected override void ProcessRecord() =>
        WriteObject(PropertyOf(SessionState.Path.CurrentLocation));

    private static PSObject PropertyOf(PathInfo location)
    {
        PSObject result = new();
        result.Properties.Add(new PSNoteProperty("Path", location.Path));
        return result;
    }
}
