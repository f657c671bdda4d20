using System.Management.Automation;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>Write-Host: text for the terminal, which is no output of the pipeline.</summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
#pragma warning disable CA1720 // The name is PowerShell's.
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    public object?[] Object { get; set; } = [];
#pragma warning restore CA1720

    protected override void ProcessRecord()
    {
        HostInformationMessage message = new() { Message = LanguagePrimitives.ConvertTo<string>(Object) };
        WriteInformation(message, ["PSHOST"]);
    }
}
