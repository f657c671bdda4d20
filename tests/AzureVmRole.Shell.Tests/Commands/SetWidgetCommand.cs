using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommon.Set, "Widget", SupportsShouldProcess = true)]
public sealed class SetWidgetCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Name { get; set; } = "w";

    protected override void ProcessRecord() => WriteObject(ShouldProcess(Name, "Paint") ? $"painted {Name}" : $"left {Name}");
}
