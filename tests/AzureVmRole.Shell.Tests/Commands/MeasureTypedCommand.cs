using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsDiagnostic.Measure, "Typed")]
public sealed class MeasureTypedCommand : PSCmdlet
{
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(TypedCompleter))]
    public string First { get; set; } = "";

    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(TypedCompleter))]
    public string Second { get; set; } = "";

    [Parameter]
    public string Other { get; set; } = "";

    [Parameter]
    public SwitchParameter Quiet { get; set; }
}
