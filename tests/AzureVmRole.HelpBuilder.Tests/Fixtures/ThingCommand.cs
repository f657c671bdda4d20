using System.Management.Automation;

namespace AzureVmRole.HelpBuilder.Tests.Fixtures;

/// <summary>Abstract, so no cmdlet; its parameter belongs to the classes derived from it.</summary>
public abstract class ThingCommand : PSCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }
}
