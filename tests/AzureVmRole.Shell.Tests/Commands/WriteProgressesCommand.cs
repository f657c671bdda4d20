using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommunications.Write, "Progresses")]
public sealed class WriteProgressesCommand : PSCmdlet
{
    protected override void ProcessRecord()
    {
        ProgressRecord record = new(1, "Copying", "1 GiB of 4 GiB, 200 MiB/s") { PercentComplete = 25, SecondsRemaining = 75 };
        WriteProgress(record);
        WriteObject("between");
        WriteProgress(record);
        record.RecordType = ProgressRecordType.Completed;
        WriteProgress(record);
    }
}
