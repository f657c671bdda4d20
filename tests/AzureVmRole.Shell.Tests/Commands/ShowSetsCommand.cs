using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Two parameter sets at one position and no default.</summary>
[Cmdlet(VerbsCommon.Show, "Sets")]
public sealed class ShowSetsCommand : ShowBindingCommand
{
    [Parameter(ParameterSetName = "Text", Mandatory = true, Position = 0)]
    public string Text { get; set; } = "";

    [Parameter(ParameterSetName = "Number", Mandatory = true, Position = 0)]
    public int Number { get; set; }

    [Parameter(ParameterSetName = "Number")]
    public int More { get; set; }

    [Parameter]
    public string Common { get; set; } = "";
}
